import NIOCore
import StenoCore

/// Counts the audio of one connection.
struct AudioTally {
    /// One second of raw samples.
    static let largestMessage = 2 * SamplePosition.rate
    /// What may come at once before the pace is judged: a second of audio.
    static let paceAllowance = 1.0

    private(set) var bytes = 0
    private(set) var messages = 0
    private(set) var frames: Int64 = 0
    private(set) var largest = 0
    private(set) var trailingSilence: Int64 = 0
    private var began: NIODeadline?
    private var digestOfSpeech = FNV1a()
    private var digest = FNV1a()

    /// Of the frames up to and with the last one that was not zero.
    var audioDigest: UInt64 { self.digestOfSpeech.value }

    /// What is wrong with a message of raw samples, by its size.
    static func fault(of bytes: [UInt8]) -> String? {
        if bytes.count % 2 != 0 { return "an audio message has an odd number of bytes" }
        if bytes.count > Self.largestMessage { return "an audio message is longer than one second" }
        return nil
    }

    /// - Returns: whether the audio so far came faster than 1.1 times real time.
    mutating func take(_ samples: [Int16], bytes: Int, now: NIODeadline) -> Bool {
        self.bytes += bytes
        self.messages += 1
        self.largest = max(self.largest, bytes)
        self.frames += Int64(samples.count)
        for sample in samples {
            self.digest.combine(sample)
            if sample == 0 {
                self.trailingSilence += 1
            } else {
                self.trailingSilence = 0
                self.digestOfSpeech = self.digest
            }
        }
        let began = self.began ?? now
        self.began = began
        let elapsed = Double((now - began).nanoseconds) / 1e9
        return SamplePosition(frames: self.frames).seconds > 1.1 * elapsed + Self.paceAllowance
    }
}
