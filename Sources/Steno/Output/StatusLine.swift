import StenoCore

/// Standard error during a run: one line that is redrawn on a terminal, plain lines elsewhere.
///
/// What is not a terminal may be a log file, so it gets no transcript text and no interim text.
package struct StatusLine: Sendable {
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
        switch event {
        case .recording(let header):
            self.total = header.frames
            guard header.isSandbox else { return }
            self.write("Sandbox: no real service is involved, and nothing leaves this machine.")
        case .recognition(let event): self.recognised(event)
        case .summary(let summary):
            let part = summary.isPartial ? " It was made from \(ClockText.text(summary.covers)) of the recording." : ""
            self.write("The summary \(summary.name) is there.\(part)", summary.isPartial ? .warning : .info)
        case .delivery(let report): self.write(report.sentence, report.state.isTrouble ? .warning : .info)
        case .gap(let span, let cause): self.missed(span, cause)
        case .warning(let text): self.write(text, .warning)
        case .notice(let text): self.write(text)
        case .end(let end):
            self.hide()
            self.interim = ""
            self.write(self.closing(end))
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
    private mutating func recognised(_ event: RecognitionEvent) {
        switch event {
        case .state(let state):
            let isNew = state != self.state
            self.state = state
            if state == .closed { self.hide() }
            if isNew, !self.isDrawing, state != .closed { self.write("\(state.words).") }
        case .connectionLost:
            self.write("The connection was lost. What was not confirmed will be sent again.", .warning)
        case .progress(let progress):
            self.progress = progress
            if !self.isDrawing, self.now() - self.lastPlain >= Self.plainInterval {
                self.lastPlain = self.now()
                self.write("\(ClockText.text(self.elapsed)) elapsed: \(self.position.joined(separator: " · "))")
            }
        case .transcript(.show(let utterance)): self.interim = utterance.text
        case .transcript(.complete), .transcript(.withdraw): self.interim = ""
        case .gap(let gap): self.missed(gap.span, gap.cause.rawValue)
        case .transcript, .information: return
        }
        self.show()
    }

    private mutating func missed(_ span: AudioSpan, _ cause: String) {
        let length = span.frames / Int64(SamplePosition.rate / 1_000)
        self.write("\(length) ms are missing at \(ClockText.text(span.start.seconds)) (\(cause)).", .warning)
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

    private func closing(_ end: RunEnd) -> String {
        let totals = end.totals
        let audio = ClockText.text(SamplePosition(frames: totals.total).seconds)
        let spent = ClockText.text(self.elapsed)
        if end.isComplete {
            let result = totals.confirmed > 0 ? "every word is confirmed" : "nothing was said"
            return "Done in \(spent): \(audio) of audio, \(result)."
        }
        let open = ClockText.text(SamplePosition(frames: totals.unconfirmed).seconds)
        let result = totals.unconfirmed > 0 ? "\(open) of it is speech without confirmed text" : "but not all is done"
        return "Ended after \(spent): \(audio) of audio, \(result)."
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

extension RecognitionState {
    fileprivate var words: String {
        switch self {
        case .connecting: "Connecting"
        case .waitingForReady: "Waiting for the service to be ready"
        case .streaming: "Recognising"
        case .draining: "Waiting for the last words"
        case .summarising: "Waiting for the summary"
        case .waiting: "Waiting before the next try"
        case .closed: "Done"
        }
    }
}

extension DeliveryReport.State {
    fileprivate var isTrouble: Bool {
        switch self {
        case .sending, .processing, .done, .skipped: false
        case .failed, .unknown, .refused: true
        }
    }
}

extension DeliveryReport {
    /// For the person; its texts come from us or from a service, never from what was said.
    fileprivate var sentence: String {
        let id = self.noteID.map { " (\($0))" } ?? ""
        let reason = self.reason.map { ": \($0)" } ?? "."
        return switch self.state {
        case .sending: "Handing over to \(self.target)\(reason)"
        case .processing: "\(self.target) is working on it\(id)\(reason)"
        case .done: "\(self.target) is done\(id)."
        case .skipped: "\(self.target) was skipped\(reason)"
        case .failed: "\(self.target) did not work\(reason)"
        case .unknown: "It is not known whether \(self.target) took it\(reason)"
        case .refused: "\(self.target) refused\(reason)"
        }
    }
}
