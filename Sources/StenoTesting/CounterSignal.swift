import StenoCore

/// A sound in which every frame tells its place: what the test microphone hears when it is given no recording.
///
/// The value of a frame is its index, scattered over 16 bits; channel 0 is `Signal.indexed`. A repeated, dropped or
/// shifted frame shows at once, and a handful of frames in a row tell where on the microphone's timeline they were.
package enum CounterSignal {
    /// Frames that `find` compares before it believes a place: four values are 64 bits, more than any test is long.
    package static let framesToFind = 4

    /// The value of `frame` in `channel`. Wider samples hold it in their upper 16 bits.
    package static func sample(_ frame: Int64, channel: Int = 0) -> Int16 {
        Signal.indexedSample(frame &+ Int64(channel) << 40)
    }

    /// Interleaved frames.
    package static func samples(_ frames: Range<Int64>, channels: Int = 1) -> [Int16] {
        frames.flatMap { frame in (0..<channels).map { Self.sample(frame, channel: $0) } }
    }

    /// The frame at which `samples` begin, at or after `start`; nothing when it is not within the next `reach` frames, or
    /// when there are fewer than `framesToFind` samples.
    package static func find(
        _ samples: some Collection<Int16>,
        from start: Int64 = 0,
        reach: Int64 = 1 << 21,
        channel: Int = 0
    ) -> Int64? {
        let head = Array(samples.prefix(Self.framesToFind))
        guard head.count == Self.framesToFind else { return nil }
        return (start..<start + reach).first { frame in
            head.indices.allSatisfy { head[$0] == Self.sample(frame + Int64($0), channel: channel) }
        }
    }

    /// The stretches of the timeline that `samples` (one channel) consist of, in order. What cannot be placed, fewer than
    /// `framesToFind` frames at a stretch, ends the list and is counted in `rest`.
    package static func stretches(
        in samples: [Int16],
        from start: Int64 = 0,
        channel: Int = 0
    ) -> (stretches: [Range<Int64>], rest: Int) {
        var stretches: [Range<Int64>] = []
        var place = 0
        var from = start
        while place < samples.count {
            guard let first = Self.find(samples[place...], from: from, channel: channel) else { break }
            var last = first
            while place < samples.count, samples[place] == Self.sample(last, channel: channel) {
                place += 1
                last += 1
            }
            stretches.append(first..<last)
            from = last
        }
        return (stretches, samples.count - place)
    }
}
