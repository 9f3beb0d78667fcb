/// Finds where in a script's audio the samples of one connection belong, whatever their alignment and wherever a client
/// begins or leaves something out.
///
/// Searching: a hash over the last 80 ms moves along the stream until it meets a block of the audio; within 160 ms of any
/// cut one must come, because the audio is indexed every 80 ms. Following: each sample is compared with the one expected;
/// the first that differs begins a new search. So only audio that really arrived, sample for sample, counts as heard.
struct AudioMatcher {
    private let audio: ScriptedAudio
    /// The frame of the audio that is expected next; `nil` while searching.
    private var expected: Int?
    private var hash = RollingHash()
    /// The samples since the search began, at most two blocks of them, oldest first.
    private var recent: [Int16] = []
    /// Stretches of the audio that were heard, in ascending order, touching ones joined.
    private(set) var heard: [Range<Int>] = []
    /// Samples of digital silence at the end of the stream, while searching.
    private(set) var unmatchedSilence = 0

    init(_ audio: ScriptedAudio) {
        self.audio = audio
    }

    /// The end of the latest stretch that was heard.
    private(set) var position = 0
    /// Frame of the audio minus frame of the connection, for the latest stretch that was heard.
    private(set) var shift = 0
    /// Frames of the connection that were taken.
    private var taken = 0

    mutating func accept(_ samples: ArraySlice<Int16>) {
        var rest = samples
        while !rest.isEmpty {
            let count = self.expected.map { self.follow(rest, from: $0) } ?? self.search(rest)
            rest = rest.dropFirst(count)
            self.taken += count
            if let expected = self.expected { self.shift = expected - self.taken }
        }
    }

    /// - Returns: how many of the samples were as expected. Fewer than all end the following.
    private mutating func follow(_ samples: ArraySlice<Int16>, from expected: Int) -> Int {
        var count = 0
        for sample in samples {
            guard sample == self.audio.sample(at: expected + count) else { break }
            count += 1
        }
        self.hear(expected..<(expected + count))
        guard count == samples.count else {
            self.expected = nil
            self.recent = []
            self.hash = RollingHash()
            self.unmatchedSilence = 0
            return count
        }
        self.expected = expected + count
        return count
    }

    /// - Returns: how many samples were looked at: all, or up to the one that completed a known block.
    private mutating func search(_ samples: ArraySlice<Int16>) -> Int {
        let block = ScriptedAudio.blockFrames
        for (count, sample) in samples.enumerated() {
            self.unmatchedSilence = sample == 0 ? self.unmatchedSilence + 1 : 0
            self.recent.append(sample)
            self.hash.enter(sample)
            if self.recent.count > block {
                self.hash.leave(self.recent[self.recent.count - block - 1])
            }
            // Trimmed a block at a time, so that trimming costs nothing per sample.
            if self.recent.count == 4 * block { self.recent.removeFirst(2 * block) }
            guard self.recent.count >= block, let start = self.audio.blocks[self.hash.value] else { continue }
            let end = start + block
            guard self.recent.suffix(block).elementsEqual(self.audio.samples[start..<end]) else { continue }
            self.hear(self.startBehind(start)..<end)
            self.expected = end
            self.recent = []
            self.hash = RollingHash()
            self.unmatchedSilence = 0
            return count + 1
        }
        return samples.count
    }

    /// The first frame before the block at `start` from which on the stream and the audio agree.
    private func startBehind(_ start: Int) -> Int {
        var frame = start
        var index = self.recent.count - ScriptedAudio.blockFrames
        while index > 0, frame > 0, self.recent[index - 1] == self.audio.samples[frame - 1] {
            index -= 1
            frame -= 1
        }
        return frame
    }

    private mutating func hear(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        self.position = range.upperBound
        if let last = self.heard.last, last.upperBound == range.lowerBound {
            self.heard[self.heard.count - 1] = last.lowerBound..<range.upperBound
        } else {
            self.heard.append(range)
        }
    }

    /// Whether at least half of these frames was heard.
    func hasHeard(_ frames: Range<Int>) -> Bool {
        let count = self.heard.reduce(0) { $0 + $1.clamped(to: frames).count }
        return frames.isEmpty ? self.heard.contains { $0.contains(frames.lowerBound) } : 2 * count >= frames.count
    }
}
