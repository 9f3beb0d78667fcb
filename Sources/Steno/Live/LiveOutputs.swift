package import Logging
import Synchronization

/// All that shows or writes what a dictation tells, each on a thread of its own, so that a terminal or a reader that
/// takes nothing holds up neither the recognition nor the others.
///
/// Where standard output and standard error are one terminal they share a thread, and keep their order.
package final class LiveOutputs: Sendable {
    package struct Configuration: Sendable {
        package var notices: Notices
        /// Standard error can be drawn on.
        package var isDrawing: Bool
        /// Of standard output.
        package var format: OutputFormat
        package var files: [OutputFile]
        /// Standard output.
        package var descriptor: Int32
        /// Log lines are written to the same terminal too.
        package var isLogging: Bool
        package var logger: Logger?

        package init(
            notices: Notices,
            isDrawing: Bool,
            format: OutputFormat,
            files: [OutputFile] = [],
            descriptor: Int32 = 1,
            isLogging: Bool = false,
            logger: Logger? = nil
        ) {
            self.notices = notices
            self.isDrawing = isDrawing
            self.format = format
            self.files = files
            self.descriptor = descriptor
            self.isLogging = isLogging
            self.logger = logger
        }
    }

    /// How it went.
    package struct Outcome: Sendable {
        /// What could not be written.
        package var failures: [OutputError]
        /// The terminal took everything in time. Otherwise it does not show all that was said; the recording has it.
        package var isShown: Bool
        package var paintLatency: PaintLatency
    }

    /// How long a terminal is waited for at the end. Then Ctrl-S is undone, and it has as long again.
    package static let patience = Duration.seconds(2)

    private let logger: Logger?
    private let takers: EventTakers
    /// Standard error.
    private let terminal: Int32
    /// Standard error, and standard output if it is the same terminal.
    private let screen: OutputLane
    /// Standard output, if it is not the same terminal.
    private let output: OutputLane?
    private let files: OutputLane?
    /// The last thing a person reads is how it ended, so the screen gets it when the others are done.
    private let end = Mutex<RunEvent?>(nil)

    /// - Parameter onNobody: nobody will ever get the result: standard output is gone, and there are no files.
    package init(_ configuration: Configuration, onNobody: @escaping @Sendable () -> Void = {}) {
        self.logger = configuration.logger
        self.terminal = configuration.notices.descriptor
        let isOne = Terminal.isSame(configuration.descriptor, configuration.notices.descriptor)
        self.takers = EventTakers(
            isDrawing: configuration.isDrawing,
            output: configuration.format,
            isOne: isOne,
            files: configuration.files.map(\.format)
        )
        let status = Self.status(configuration, isOne: isOne)
        let output = StandardOutput(format: configuration.format)
        let descriptor = configuration.descriptor
        let hasFiles = !configuration.files.isEmpty
        let onLoss: @Sendable () -> Void = { if !hasFiles { onNobody() } }
        if isOne {
            self.output = nil
            self.screen = OutputLane(
                "steno-screen",
                RunOutputs(status: status, output: output, descriptor: descriptor),
                onNobody: onLoss
            )
        } else {
            let outputs = RunOutputs(status: NoStatus(), output: output, descriptor: descriptor)
            self.output = OutputLane("steno-output", outputs, onNobody: onLoss)
            self.screen = OutputLane("steno-screen", RunOutputs(status: status, output: nil))
        }
        if !hasFiles {
            self.files = nil
        } else {
            let outputs = RunOutputs(status: NoStatus(), output: nil, files: configuration.files)
            self.files = OutputLane("steno-files", outputs)
        }
    }

    private static func status(_ configuration: Configuration, isOne: Bool) -> any RunStatus {
        guard configuration.isDrawing else { return StatusLine(configuration.notices, isDrawing: false) }
        let isPiped = Terminal.isPipe(configuration.descriptor)
        return DrawnScreen(
            configuration.notices,
            finished: isOne ? .elsewhere(in: configuration.format) : isPiped ? .elsewhere : .dimmed,
            isShared: isPiped || configuration.isLogging
        )
    }

    /// Any thread. Never waits.
    package func receive(_ event: RunEvent) {
        let now = ContinuousClock.now
        if self.takers.needsOutput(event) { self.output?.receive(event, at: now) }
        if self.takers.needsFiles(event) { self.files?.receive(event, at: now) }
        guard self.takers.needsScreen(event) else { return }
        guard self.output != nil, case .end = event else { return self.screen.receive(event, at: now) }
        self.end.withLock { $0 = event }
    }

    /// The terminal's size or content is different.
    package func redraw() { self.screen.redraw() }

    /// The program is about to be stopped (Ctrl-Z): the terminal is as it was when this returns.
    package func suspend() { self.screen.suspend() }

    package func resume() { self.screen.resume() }

    /// Nobody wants to wait any more, not even for a reader of standard output that has stalled: `finish` returns soon.
    package func abandon() {
        // The terminal is not waited for long anyway, and what it lacks is how it ended.
        for lane in [self.output, self.files] { lane?.abandon() }
    }

    /// Writes what is left. Files and standard output are waited for as any program would, a terminal for a while only.
    package func finish() async -> Outcome {
        _ = await self.files?.finish()
        _ = await self.output?.finish()
        if let end = self.end.withLock(\.self) { self.screen.receive(end) }
        let terminal = self.terminal
        let isShown = await self.screen.finish(within: Self.patience) { Terminal.restart(terminal) }
        let lanes = [self.screen, self.output, self.files].compactMap(\.self)
        let latency = self.screen.paintLatency
        if latency.count > 0 {
            self.logger?.info("Interim text was painted.", metadata: latency.metadata)
        }
        return Outcome(
            failures: lanes.flatMap(\.failures),
            isShown: isShown,
            paintLatency: latency
        )
    }
}

extension DrawnScreen.FinishedText {
    /// Standard output is the screen's own terminal.
    fileprivate static func elsewhere(in format: OutputFormat) -> Self {
        switch format {
        case .text, .jsonl: .elsewhere
        // They are written at the end; until then nothing would show.
        case .json, .srt, .vtt, .md: .dimmed
        }
    }
}

extension PaintLatency {
    fileprivate var metadata: Logger.Metadata {
        func milliseconds(_ length: Duration) -> Logger.MetadataValue {
            "\((length / .microseconds(1)).rounded() / 1_000)"
        }
        return [
            "paint.count": "\(self.count)",
            "paint.p50_ms": milliseconds(self.p50),
            "paint.p99_ms": milliseconds(self.p99),
            "paint.max_ms": milliseconds(self.max),
        ]
    }
}
