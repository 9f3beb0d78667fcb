import Logging
import Steno
import StenoALSA
import StenoAudio
import StenoCore

/// `steno devices --test`: hears a device for some seconds, shows its level, and says what it is worth.
struct DeviceTest {
    private enum Event: Sendable {
        case notice(CaptureNotice)
        /// Time has passed, though nothing may have come.
        case tick
        case stopped
    }

    /// Events that wait while a terminal is slow; the oldest are dropped.
    private static let mostEvents = 1_024

    private let device: String
    private let program: Program

    init(_ device: String, _ program: Program) {
        self.device = device
        self.program = program
    }

    func run() async throws -> ExitCode {
        let (events, continuation) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingNewest(Self.mostEvents))
        let logger = self.program.logger
        let request = CaptureRequest(device: self.device) { CaptureDevices.resolve($0) }
        let microphone = try Microphone.open(request) { logger.info("\($0)") }
        let source = try LiveSource(recording: ForgottenRecording(), name: self.device) { notice in
            continuation.yield(.notice(notice))
        }
        try microphone.start(source.makeWriter())
        defer { microphone.stop() }
        let signals = Signals { _ in continuation.yield(.stopped) }
        defer { withExtendedLifetime(signals) {} }
        let ticking = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(250))
                continuation.yield(.tick)
            }
        }
        defer { ticking.cancel() }
        return try await self.follow(events)
    }

    private func follow(_ events: AsyncStream<Event>) async throws -> ExitCode {
        let began = ContinuousClock.now
        var trial = MicrophoneTrial(now: .zero)
        var meter = LevelLine(self.program)
        events: for await event in events {
            let now = ContinuousClock.now - began
            switch event {
            case .notice(let notice):
                trial.received(notice, now: now)
                if case .level(let reading) = notice { meter.show(reading, trial.condition) }
            case .tick: break
            case .stopped:
                meter.clear()
                return .stopped
            }
            if trial.isOver(now: now) { break events }
        }
        meter.clear()
        return try self.conclude(trial)
    }

    private func conclude(_ trial: MicrophoneTrial) throws -> ExitCode {
        let verdict = trial.verdict
        guard verdict != .noData else { throw self.failure(trial.trouble ?? .stuck) }
        let level = "\(LevelBar.words(trial.level)) on average, \(LevelBar.words(trial.peakLevel)) at its peak"
        let seconds = Int((trial.heard / .seconds(1)).rounded())
        let device = TerminalText.neutralised(self.device)
        try self.program.write("Heard '\(device)' for \(seconds) s: \(level).\n\(verdict.words)\n")
        switch verdict {
        case .speech, .listening, .tooQuiet, .clipping: return .success
        // It delivers, and there is no sound in it.
        case .digitalZero, .constantOffset: return .unreadableInput
        case .noData: return .noInput
        }
    }

    private func failure(_ trouble: DeviceTrouble) -> Failure {
        let code: ExitCode =
            switch trouble {
            case .busy, .notPermitted: .refused
            case .absent, .stuck, .serverGone, .unusable, .failing: .noInput
            }
        return Failure(code, "Nothing came from '\(self.device)'. \(trouble.explanation) \(trouble.advice)")
    }
}

/// The level as it comes: one line that is drawn again on a terminal, a plain line each second elsewhere.
private struct LevelLine {
    private static let barColumns = 32
    private static let plainFrames = Int64(SamplePosition.rate)

    private let program: Program
    private let isPlain: Bool
    private var nextPlain: SamplePosition
    private var isShown = false

    init(_ program: Program) {
        self.program = program
        self.isPlain = !Terminal.knowsUnicode(environment: program.environment)
        self.nextPlain = .zero + Self.plainFrames
    }

    mutating func show(_ reading: LevelReading, _ condition: MicrophoneCondition?) {
        let level = "\(LevelBar.words(reading.rms)), peak \(LevelBar.words(reading.peakLevel))"
        let words = condition.map { "  \($0.label)" } ?? ""
        guard self.program.options.isDrawing else {
            guard reading.start >= self.nextPlain else { return }
            self.nextPlain = reading.start + Self.plainFrames
            return self.program.say("\(level)\(words)")
        }
        let bar = LevelBar.text(reading, columns: Self.barColumns, isPlain: self.isPlain)
        let line = DisplayWidth.prefix("\(bar) \(level)\(words)", columns: max(0, Terminal.columns(of: 2) - 1))
        self.draw("\r\u{1B}[K\(line)")
        self.isShown = true
    }

    /// Takes the line away.
    mutating func clear() {
        guard self.isShown else { return }
        self.draw("\r\u{1B}[K")
        self.isShown = false
    }

    /// A meter that cannot be shown must not stop the test.
    private func draw(_ text: String) {
        try? Descriptor.write(text, to: 2, path: "-")
    }
}

/// Keeps nothing: whoever tries a microphone does not want to be recorded.
private final class ForgottenRecording: RecordingSink {
    func append(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) {}
    func missed(_ gap: AudioGap) {}
    func finish() {}
    func read(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) -> Int { 0 }
    /// Nothing has to be kept, so nothing is waited for.
    var durable: SamplePosition { SamplePosition(frames: .max) }
}
