package import StenoAudio
import StenoCore

extension LiveWriter {
    package mutating func append(_ samples: [Int16]) {
        samples.withUnsafeBufferPointer { self.append($0) }
    }

    /// Writes `frames` samples of `Signal.indexed`, each at its own place, in periods as a sound card gives them.
    package mutating func appendIndexed(_ frames: Int64, period: Int64 = 320) {
        let end = self.position + frames
        while self.position < end {
            let start = self.position.frames
            self.append(Signal.indexed(start..<min(end.frames, start + period)))
        }
    }
}
