import Glibc
import StenoCore

/// Standard error: one status line that is redrawn on a terminal, plain lines elsewhere.
///
/// What is not a terminal may be a log file, so it gets no transcript text and no interim text.
package struct StatusSink: RunSink {
    private let descriptor: Int32
    private let isDrawing: Bool
    private let isQuiet: Bool
    private var total: Int64?
    private var state: RecognitionState = .connecting
    private var progress: RecognitionProgress?
    private var interim = ""
    private var hasLine = false
    private let began: ContinuousClock.Instant
    private var lastPlain: ContinuousClock.Instant

    /// - Parameters:
    ///   - isDrawing: the descriptor is a terminal and drawing was not switched off.
    ///   - isQuiet: only warnings are shown.
    package init(descriptor: Int32 = 2, isDrawing: Bool, isQuiet: Bool) {
        self.descriptor = descriptor
        self.isDrawing = isDrawing && !isQuiet
        self.isQuiet = isQuiet
        self.began = .now
        self.lastPlain = .now
    }

    package mutating func receive(_ event: RunEvent) {
        switch event {
        case .recording(let header):
            self.total = header.frames
            if header.isSandbox { self.say("Sandbox: no real service is involved, and nothing leaves this machine.") }
        case .recognition(let event): self.recognised(event)
        case .summary(let summary): self.say("Summary \(summary.name) is there.")
        case .delivery(let report): self.say(Self.words(for: report))
        case .gap(let span, let cause):
            self.warn("\(span.start.seconds) s: \(span.frames * 1_000 / Int64(SamplePosition.rate)) ms are missing (\(cause)).")
        case .warning(let text): self.warn(text)
        case .end: self.clear()
        }
    }

    private mutating func recognised(_ event: RecognitionEvent) {
        switch event {
        case .state(let state):
            let isNew = state != self.state
            self.state = state
            if isNew, !self.isDrawing, state != .closed { self.say(Self.words(for: state)) }
        case .connectionLost:
            self.warn("The connection was lost. What was not confirmed will be sent again.")
        case .progress(let progress):
            self.progress = progress
            if !self.isDrawing, .now - self.lastPlain >= .seconds(10) {
                self.lastPlain = .now
                self.say(self.position)
            }
        case .transcript(.show(let utterance)): self.interim = utterance.text
        case .transcript(.complete), .transcript(.withdraw): self.interim = ""
        case .transcript, .information: return
        }
        self.draw()
    }

    private var position: String {
        let elapsed = Self.clock((.now - self.began).inSeconds)
        guard let progress = self.progress else { return "\(elapsed) elapsed" }
        let sent = progress.sent.seconds
        var parts = ["\(elapsed) elapsed", "audio \(Self.clock(sent))"]
        if let total = self.total {
            let seconds = Double(total) / Double(SamplePosition.rate)
            parts[1] += " of \(Self.clock(seconds))"
            let pace = sent / max(0.001, (.now - self.began).inSeconds)
            if sent > 0, pace > 0 { parts.append("\(Self.clock((seconds - sent) / pace)) left") }
        }
        parts.append("lag \(Self.clock(max(0, sent - progress.confirmed.seconds)))")
        return parts.joined(separator: " · ")
    }

    private mutating func draw() {
        guard self.isDrawing else { return }
        let width = Self.width(of: self.descriptor)
        var line = "\(Self.words(for: self.state)) · \(self.position)"
        if !self.interim.isEmpty { line += " · \(TerminalText.neutralised(self.interim))" }
        // One column stays free: a full line would wrap, and then it could not be redrawn.
        let shown = DisplayWidth.prefix(line, columns: max(0, width - 1))
        self.write("\r\u{1B}[K\(shown)")
        self.hasLine = true
    }

    private mutating func clear() {
        guard self.hasLine else { return }
        self.write("\r\u{1B}[K")
        self.hasLine = false
    }

    private mutating func say(_ text: String) {
        guard !self.isQuiet else { return }
        self.warn(text)
    }

    private mutating func warn(_ text: String) {
        self.clear()
        self.write(text + "\n")
    }

    /// A status that cannot be shown must not stop a dictation.
    private func write(_ text: String) {
        try? Descriptor.write(text, to: self.descriptor, path: "-")
    }
}

extension StatusSink {
    private static func words(for state: RecognitionState) -> String {
        switch state {
        case .connecting: "Connecting"
        case .waitingForReady: "Waiting for the service to be ready"
        case .streaming: "Recognising"
        case .draining: "Waiting for the last words"
        case .summarising: "Waiting for the summary"
        case .waiting: "Waiting before the next try"
        case .closed: "Done"
        }
    }

    private static func words(for report: DeliveryReport) -> String {
        let id = report.noteID.map { " (\($0))" } ?? ""
        let reason = report.reason.map { ": \($0)" } ?? "."
        return switch report.state {
        case .sending: "Handing over to \(report.target)\(reason)"
        case .processing: "\(report.target) is working on it\(id)."
        case .done: "\(report.target) is done\(id)."
        case .skipped: "\(report.target) was skipped\(reason)"
        case .failed: "\(report.target) did not work\(reason)"
        case .unknown: "It is not known whether \(report.target) took it\(reason)"
        case .refused: "\(report.target) refused\(reason)"
        }
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 359_999)).rounded())
        let text = [whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return whole >= 3_600 ? "\(whole / 3_600):\(text)" : text
    }

    private static func width(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
