import StenoCore

/// Follows one stream of audio, keeps what is still needed of it, and says where speech begins and ends.
///
/// Positions are frames since the first sample of the stream, in 64 bits whatever the library counts in. Not `Sendable`:
/// one thread at a time.
final class SpeechTracker {
    /// What one more window showed.
    enum Event: Hashable {
        /// Somebody has been speaking since this position.
        case began(Int64)
        /// A stretch is over; it covers these frames.
        case ended(Range<Int64>)
    }

    /// Frames kept while nobody speaks: where a stretch begins is known a third of a second late, and a pre-roll is
    /// added to it.
    private static let kept: Int64 = 16_000
    /// Frames of silence the library hears again when it is started anew, so that it is in its stride.
    private static let warmUp: Int64 = 8_192
    /// Frames taken in one go; a longer piece is taken in steps, so that memory does not depend on the caller.
    private static let step = 16_000

    private let settings: SpeechSettings
    private let silero: SileroDetector
    private(set) var history = AudioHistory()
    /// Audio before this position has been looked at.
    private(set) var heard: Int64 = 0
    /// Where the open stretch began.
    private(set) var open: Int64?
    /// Position of the library's sample 0.
    private var origin: Int64 = 0
    /// End of the last stretch.
    private var lastEnd: Int64 = 0
    /// Audio before the last stretch to begin may be taken from here on, without hearing an earlier one again.
    private(set) var earliest: Int64 = 0
    /// Frames that are real: `finish` adds silence.
    private var received: Int64 = 0

    init(library: EngineLibrary, files: EngineFiles, settings: SpeechSettings) throws(EngineError) {
        self.settings = settings
        self.silero = try SileroDetector(library: library, files: files, settings: settings)
    }

    /// Takes the next samples, and tells `body` after each whole window what it showed.
    func accept(_ samples: UnsafeBufferPointer<Int16>, _ body: (Event?) -> Void) {
        var rest = samples[...]
        while !rest.isEmpty {
            let piece = UnsafeBufferPointer(rebasing: rest.prefix(Self.step))
            rest = rest.dropFirst(Self.step)
            self.history.append(piece)
            self.received += Int64(piece.count)
            self.hearWindows(body)
        }
    }

    /// Ends the stream, and with it the open stretch.
    func finish(_ body: (Event?) -> Void) {
        // The pause that ends a stretch, so that it ends where the speech does and not where the audio does; up to a whole
        // window; and one more because the model is one behind.
        let partial = Int(self.history.end - self.heard)
        self.history.appendSilence(frames: self.settings.minimumSilence + 3 * SileroDetector.window - partial)
        self.hearWindows(body)
        if let event = self.cut() {
            body(event)
        }
    }

    private func hearWindows(_ body: (Event?) -> Void) {
        let window = Int64(SileroDetector.window)
        while self.heard + window <= self.history.end {
            self.history.withSamples(in: self.heard..<self.heard + window) { self.silero.accept($0) }
            self.heard += window
            body(self.event())
            self.history.forget(before: min(self.open ?? .max, self.heard) - Self.kept)
            self.renewIfDue()
        }
    }

    private func event() -> Event? {
        if let open = self.open, self.heard - open >= Int64(self.settings.hardLimit) {
            return self.cut()
        }
        if let ended = self.endedStretch() { return ended }
        guard self.open == nil, self.silero.isSpeech else { return nil }
        // The library tells the beginning only with the end. It is this far back: one window that waits for its overlap,
        // the two it looks back over, and the speech it wants to hear before it believes it.
        let lookedBack = 2 * (SileroDetector.window + SileroDetector.overlap) + self.settings.minimumSpeech
        let began = max(self.heard - Int64(SileroDetector.window + lookedBack), self.lastEnd, self.origin)
        self.open = began
        self.earliest = self.lastEnd
        return .began(began)
    }

    /// Ends the open stretch where it is.
    private func cut() -> Event? {
        self.silero.flush()
        return self.endedStretch() ?? self.open.map { self.end($0..<self.heard) }
    }

    private func endedStretch() -> Event? {
        self.silero.next().map { self.end(self.origin + $0.lowerBound..<self.origin + $0.upperBound) }
    }

    private func end(_ stretch: Range<Int64>) -> Event {
        let start = max(stretch.lowerBound, self.lastEnd)
        let end = max(start, min(stretch.upperBound, self.received))
        self.earliest = self.lastEnd
        self.lastEnd = end
        self.open = nil
        return .ended(start..<end)
    }

    /// Starts the library's count anew before it overflows.
    private func renewIfDue() {
        let counted = self.heard - self.origin
        guard counted >= self.settings.renewAfter, self.open == nil else { return }
        guard self.heard - self.lastEnd >= Self.kept || counted >= self.settings.renewAtLatest else { return }
        self.silero.reset()
        let again = max(self.heard - Self.warmUp, self.history.start, self.lastEnd)
        self.origin = again
        self.history.withSamples(in: again..<self.heard) { self.silero.accept($0) }
    }
}
