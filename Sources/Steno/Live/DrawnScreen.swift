import StenoCore

/// `LiveScreen` on a terminal: draws its newest frame at the bottom, and lets lines scroll up above it.
package struct DrawnScreen: RunStatus {
    /// What becomes of finished utterances, which standard output gets.
    package enum FinishedText: Sendable {
        /// They reach this terminal by standard output, or may do so through another program: `| tee` shows them here.
        case elsewhere
        /// Standard output is a file, so whoever speaks would not see them: they scroll up, dimmed.
        case dimmed
    }

    /// Not more than 20 frames a second: nobody reads faster, and a terminal on a slow line has to keep up.
    private static let shortestInterval = Duration.milliseconds(50)

    private let notices: Notices
    private let finished: FinishedText
    private let isColored: Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let size: @Sendable () -> ScreenSize
    private let began: ContinuousClock.Instant
    private var screen = LiveScreen()
    private var painter: ScreenPainter
    private var lastPaint: ContinuousClock.Instant?
    /// When the oldest interim arrived that no frame has shown yet.
    private var interimSince: ContinuousClock.Instant?
    private var alarmSince: ContinuousClock.Instant?
    package private(set) var paintLatency = PaintLatency()

    /// - Parameters:
    ///   - isShared: another program writes to the same terminal, as in `| tee`.
    ///   - size: asked for each time because people resize windows.
    package init(
        _ notices: Notices,
        finished: FinishedText,
        isShared: Bool,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        size: (@Sendable () -> ScreenSize)? = nil
    ) {
        self.notices = notices
        self.finished = finished
        self.isColored = notices.form == .text(isColored: true)
        self.now = now
        let descriptor = notices.descriptor
        self.size = size ?? { Terminal.size(of: descriptor) }
        self.began = now()
        self.painter = ScreenPainter(isColored: self.isColored, isShared: isShared)
    }

    package mutating func receive(_ event: RunEvent) {
        if case .microphone(let report) = event { self.tellOfEnded(report) }
        self.screen.receive(event)
        switch event {
        case .recognition(.transcript(.deliver(let utterance))):
            guard self.finished == .dimmed, let line = RecordingDocument.line(of: utterance) else { return }
            self.hide()
            let lines = WrappedText.lines(of: line, columns: self.size().columns)
            self.send(ScreenLine([ScreenLine.Piece(lines, .dim)]).rendered(isColored: self.isColored) + "\n")
        case .recognition(.transcript(.show)): self.interimSince = self.interimSince ?? self.now()
        case .end(let end):
            self.write(Sentence(end.closing(after: self.elapsed)))
        // The frame says so, and when it is over the pause has its line.
        case .paused, .resumed: break
        case .recognition, .recording, .summary, .delivery, .gap, .microphone, .level, .device, .warning, .notice:
            if let sentence = event.sentence { self.write(sentence) }
        }
    }

    package mutating func hide() {
        let text = self.painter.erase()
        if !text.isEmpty { self.send(text) }
    }

    /// It comes back with the next frame.
    package mutating func show() {}

    package mutating func redraw() { self.painter.forget() }

    package mutating func paint(interimSince: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        if let interimSince { self.interimSince = min(self.interimSince ?? interimSince, interimSince) }
        let now = self.now()
        // A frame that stepped aside for text comes back at once.
        if self.painter.isShown, let due = self.lastPaint?.advanced(by: Self.shortestInterval), now < due { return due }
        guard Terminal.isForeground(self.notices.descriptor) else {
            self.close()
            self.interimSince = nil
            return self.nextSecond
        }
        let size = self.size()
        let frame = self.screen.frame(in: size, elapsed: self.elapsed, isColored: self.isColored)
        let text = self.painter.paint(frame, in: size)
        if !text.isEmpty {
            TerminalMode.drawing(on: self.notices.descriptor)
            self.send(text)
            self.lastPaint = now
        }
        if let since = self.interimSince, self.painter.isShown { self.paintLatency.record(self.now() - since) }
        self.interimSince = nil
        return frame.lines.isEmpty ? nil : self.nextSecond
    }

    package mutating func close() {
        let text = self.painter.finish()
        if !text.isEmpty { self.send(text) }
        TerminalMode.endDrawing()
    }
}

extension DrawnScreen {
    /// Trouble with the microphone is in the frame as long as it holds. What stays in the terminal's memory is that it was.
    private mutating func tellOfEnded(_ report: MicrophoneReport) {
        let former = self.screen.microphone
        if let former, former.alarm > .none, report.condition != former.condition, let since = self.alarmSince {
            let start = ClockText.text((since - self.began) / .seconds(1))
            self.write(Sentence("\(start)–\(ClockText.text(self.elapsed)): \(former.words)", .warning))
        }
        if report.alarm == .none || report.condition != former?.condition { self.alarmSince = nil }
        if report.alarm > .none, self.alarmSince == nil { self.alarmSince = self.now() }
    }

    /// Seconds since the dictation began.
    private var elapsed: Double { max(0, (self.now() - self.began) / .seconds(1)) }

    /// The clock in the frame goes on.
    private var nextSecond: ContinuousClock.Instant {
        self.began.advanced(by: .seconds(Int(self.elapsed) + 1))
    }

    private mutating func write(_ sentence: Sentence) {
        self.hide()
        self.notices.write(sentence.text, sentence.level, columns: self.size().columns)
    }

    /// What cannot be shown must not stop a dictation.
    private func send(_ text: String) {
        try? Descriptor.write(text, to: self.notices.descriptor, path: "-")
    }
}
