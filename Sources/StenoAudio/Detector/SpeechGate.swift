/// Turns frames that are louder than the room into spans of speech.
///
///     closed ── louder than floor + 8 dB ──► open(first, last, count) ── 200 ms below floor + 4 dB ──► closed, and the
///                                             ▲     │                                                  span if it was
///                                             └─────┘ above floor + 4 dB                               no click
struct SpeechGate: Sendable {
    /// What opens a span: 8 dB above the floor.
    static let opening = 6.309_573
    /// What keeps it open: 4 dB above the floor.
    static let holding = 2.511_886
    /// 200 ms of quiet end a span; the pauses inside words and between most of them are shorter.
    static let hangoverFrames = 10
    /// 160 ms: the first whole number of frames that is not under 150 ms. Shorter sounds are clicks.
    static let shortestFrames = 8
    /// A span of which less than this share is loud is a row of clicks, such as typing.
    static let leastShare = 0.4

    private struct Open {
        var first: Int
        var last: Int
        var loudFrames = 1
    }

    private var open: Open?
    private var frames = 0

    /// Takes the next frame; returns the frames of a span that ended by it.
    mutating func accept(energy: Double, floor: Double) -> Range<Int>? {
        let frame = self.frames
        self.frames += 1
        guard var open = self.open else {
            if energy > floor * Self.opening { self.open = Open(first: frame, last: frame) }
            return nil
        }
        if energy > floor * Self.holding {
            open.last = frame
            open.loudFrames += 1
            self.open = open
            return nil
        }
        return frame - open.last > Self.hangoverFrames ? self.finish() : nil
    }

    /// Ends the span that is open, if any.
    mutating func finish() -> Range<Int>? {
        defer { self.open = nil }
        guard let open = self.open else { return nil }
        let count = open.last + 1 - open.first
        let isSpeech = count >= Self.shortestFrames && Double(open.loudFrames) >= Self.leastShare * Double(count)
        return isSpeech ? open.first..<(open.last + 1) : nil
    }
}
