import StenoCore

/// Standard error during a run: one line that is redrawn on a terminal, plain lines elsewhere.
///
/// What is not a terminal may be a log file, so it gets no transcript text and no interim text.
package struct StatusLine: RunStatus {
    /// Between two plain lines that only say how far it is.
    private static let plainInterval = Duration.seconds(10)

    private let notices: Notices
    private let isDrawing: Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let columns: @Sendable () -> Int
    private let began: ContinuousClock.Instant
    private var lastPlain: ContinuousClock.Instant
    private var total: Int64?
    private var state = RecognitionState.connecting
    private var progress: RecognitionProgress?
    private var interim = ""
    private var microphone: MicrophoneReport?
    private var isShown = false

    /// - Parameters:
    ///   - isDrawing: the descriptor is a terminal and drawing was not switched off.
    ///   - columns: width of the terminal, asked for each time because people resize windows.
    package init(
        _ notices: Notices,
        isDrawing: Bool,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        columns: (@Sendable () -> Int)? = nil
    ) {
        self.notices = notices
        self.isDrawing = isDrawing
        self.now = now
        let descriptor = notices.descriptor
        self.columns = columns ?? { Terminal.columns(of: descriptor) }
        self.began = now()
        self.lastPlain = self.began
    }

    package mutating func receive(_ event: RunEvent) {
        if let sentence = event.sentence { self.write(sentence.text, sentence.level) }
        switch event {
        case .recording(let header): self.total = header.frames
        case .recognition(let event): if self.takes(event) { self.show() }
        case .microphone(let report):
            if report.isNews(after: self.microphone) { self.write(report.words, .warning) }
            self.microphone = report
        case .end(let end):
            self.hide()
            self.interim = ""
            self.write(end.closing(after: self.elapsed))
        case .summary, .delivery, .gap, .level, .device, .paused, .resumed, .warning, .notice: break
        }
    }

    /// Takes the line away, so that something else can be written where it was.
    package mutating func hide() {
        guard self.isShown else { return }
        self.draw("\r\u{1B}[K")
        self.isShown = false
    }

    /// Draws the line again.
    package mutating func show() {
        guard self.isDrawing, self.state != .closed else { return }
        // One column stays free: a full line would wrap, and then it could not be redrawn.
        self.draw("\r\u{1B}[K" + self.line(columns: max(0, self.columns() - 1)))
        self.isShown = true
    }
}

extension StatusLine {
    /// Whether the line is to be drawn again.
    private mutating func takes(_ event: RecognitionEvent) -> Bool {
        switch event {
        case .state(let state):
            let isNew = state != self.state
            self.state = state
            if state == .closed { self.hide() }
            if isNew, !self.isDrawing, state != .closed { self.write("\(state.words).") }
        case .progress(let progress):
            self.progress = progress
            if !self.isDrawing, self.now() - self.lastPlain >= Self.plainInterval {
                self.lastPlain = self.now()
                self.write("\(ClockText.text(self.elapsed)) elapsed: \(self.position.joined(separator: " · "))")
            }
        case .transcript(.show(let utterance)): self.interim = utterance.text
        case .transcript(.complete), .transcript(.withdraw): self.interim = ""
        case .connectionLost: break
        case .transcript, .information, .coverage, .gap, .summary: return false
        }
        return true
    }

    /// As many parts as fit, the most important first; the newest words of the interim text take what is left.
    private func line(columns: Int) -> String {
        let parts = ["\(ClockText.text(self.elapsed)) \(self.state.words)"] + self.position
        var line = DisplayWidth.prefix(parts[0], columns: columns)
        for part in parts.dropFirst() {
            guard DisplayWidth.columns(of: line) + 3 + part.count <= columns else { break }
            line += " · \(part)"
        }
        let room = columns - DisplayWidth.columns(of: line) - 3
        let text = TerminalText.neutralised(self.interim)
        guard !text.isEmpty, room >= 8 else { return line }
        let shown = DisplayWidth.suffix(text, columns: room)
        return line + " · " + (self.notices.form == .text(isColored: true) ? "\u{1B}[2m\(shown)\u{1B}[0m" : shown)
    }

    /// How far it is: audio, what is left, and how far the confirmed text is behind.
    private var position: [String] {
        guard let progress = self.progress else { return [] }
        let sent = progress.sent.seconds
        let lag = "lag \(ClockText.text(max(0, sent - progress.confirmed.seconds)))"
        guard let total = self.total else { return ["audio \(ClockText.text(sent))", lag] }
        let length = Double(total) / Double(SamplePosition.rate)
        var parts = ["audio \(ClockText.text(sent)) of \(ClockText.text(length))"]
        if sent > 0, self.elapsed > 0 { parts.append("\(ClockText.text((length - sent) * self.elapsed / sent)) left") }
        return parts + [lag]
    }

    /// Seconds since the run began.
    private var elapsed: Double { max(0, (self.now() - self.began) / .seconds(1)) }

    private mutating func write(_ text: String, _ level: Notices.Level = .info) {
        let wasShown = self.isShown
        self.hide()
        self.notices.write(text, level)
        if wasShown { self.show() }
    }

    /// A status that cannot be shown must not stop a dictation.
    private func draw(_ text: String) {
        try? Descriptor.write(text, to: self.notices.descriptor, path: "-")
    }
}
