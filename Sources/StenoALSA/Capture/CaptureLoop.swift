import CALSA
import Glibc
import StenoAudio
import StenoCore

/// What the capture thread does: performs what `CaptureStateMachine` decides, until the recording ends. No allocation,
/// lock or task for what comes with every period; opening and closing a device may do what they like.
final class CaptureLoop {
    /// Read at a time; a device that holds more is read again at once.
    static let readFrames = 8_192

    let request: CaptureRequest
    let requests: CaptureRequests
    let log: @Sendable (String) -> Void
    private var writer: LiveWriter
    var machine: CaptureStateMachine
    var device: PCMDevice?
    /// Of no use any more, and not closed yet: that may take for ever.
    var discarded: PCMDevice?
    var attempt: OpeningAttempt?
    /// On which the recording began.
    let card: CardIdentity?
    var converter: CaptureConverter
    var bytes: UnsafeMutableRawBufferPointer
    private var tally = LevelTally()
    /// Frames in `bytes` that the last read gave.
    var framesRead = 0
    private var isPausing = false
    private var isStopping = false
    /// The device was told to be of no use, and has not delivered since.
    private var isSilent = false

    init(
        _ device: PCMDevice,
        _ converter: CaptureConverter,
        request: CaptureRequest,
        requests: CaptureRequests,
        writer: consuming LiveWriter,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.device = device
        self.card = device.card
        self.converter = converter
        self.request = request
        self.requests = requests
        self.writer = writer
        self.log = log
        self.machine = CaptureStateMachine(timing: device.format.timing)
        self.bytes = Self.scratch(device.format)
    }

    deinit {
        self.bytes.deallocate()
    }

    func run() {
        var action = self.machine.started(now: Self.now)
        while let next = self.perform(action) { action = next }
    }

    /// Goes on with suspend, unlike the clock that is called monotonic.
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    static func scratch(_ format: CaptureFormat) -> UnsafeMutableRawBufferPointer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.readFrames * format.native.bytesPerFrame,
            alignment: 16
        )
        // Touched now, so that no period waits for the system to find a page.
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        return bytes
    }
}

extension CaptureLoop {
    /// Performs one decision and asks for the next; `nil` at the end.
    private func perform(_ action: CaptureStateMachine.Action) -> CaptureStateMachine.Action? {
        switch action {
        case .wait(let until): return self.requested() ?? self.wait(until)
        case .rest(let until): return self.requested() ?? self.rest(until)
        case .look: return self.requested() ?? self.look()
        case .read(let frames): return self.read(frames)
        case .append: self.append()
        case .skip(let frames, let cause): self.skip(frames, cause)
        case .tell(let telling): self.tell(telling)
        case .restart:
            return self.machine.restarted(self.device?.restart() ?? .fault(.lost(.absent)), now: Self.now)
        case .resume:
            return self.machine.resumed(self.device?.resume() ?? .fault(.lost(.absent)), now: Self.now)
        case .close:
            self.discarded = self.device
            self.device = nil
        case .open: return self.open()
        case .finish:
            self.finish()
            return nil
        case .nothing: return nil
        }
        return self.machine.performed(now: Self.now)
    }

    /// What somebody asked for since the last look.
    private func requested() -> CaptureStateMachine.Action? {
        if self.requests.wantsStop, !self.isStopping {
            self.isStopping = true
            return self.machine.stopRequested(now: Self.now)
        }
        let wantsPause = self.requests.wantsPause
        guard wantsPause != self.isPausing else { return nil }
        self.isPausing = wantsPause
        return wantsPause
            ? self.machine.pauseRequested(now: Self.now) : self.machine.resumeRequested(now: Self.now)
    }

    private func append() {
        guard let base = self.bytes.baseAddress else { return }
        self.converter.convert(base, frames: self.framesRead) { self.write($0) }
    }

    private func write(_ samples: UnsafeBufferPointer<Int16>) {
        let reading = self.tally.accept(samples, at: self.writer.position)
        self.writer.append(samples)
        if let reading { self.writer.notify(.level(reading)) }
    }

    /// What the converter holds back was heard before the hole, and stands before it.
    private func skip(_ frames: Int64, _ cause: AudioGap.Cause) {
        self.interrupt()
        self.writer.skip(frames, cause: cause)
    }

    private func interrupt() {
        self.converter.flush { self.write($0) }
        if let reading = self.tally.interrupt() { self.writer.notify(.level(reading)) }
    }

    private func tell(_ telling: CaptureStateMachine.Telling) {
        switch telling {
        case .running:
            self.isSilent = false
            self.writer.notify(.running)
        case .waiting(let trouble):
            self.isSilent = true
            self.log("capture waits for the device: \(trouble.rawValue)")
            self.writer.notify(.waiting(trouble))
        case .paused:
            self.interrupt()
            self.writer.notify(.paused(self.writer.position))
        case .resumed: self.writer.notify(.resumed(self.writer.position))
        }
    }

    private func finish() {
        self.interrupt()
        // Closed before the end is told: a tone that follows may need the card. What does not answer is left to itself.
        if self.isSilent, let device = self.device { self.discarded = device }
        self.device = nil
        if let discarded = self.discarded { OpeningAttempt.discard(discarded) }
        self.discarded = nil
        self.attempt = nil
        self.writer.finish()
    }
}

extension CaptureFormat {
    var timing: CaptureStateMachine.Timing {
        CaptureStateMachine.Timing(
            rate: self.native.rate,
            periodFrames: self.periodFrames,
            bufferFrames: self.bufferFrames
        )
    }
}

extension PCMDevice {
    func makeConverter(_ request: CaptureRequest) throws(CaptureError) -> CaptureConverter {
        do throws(AudioError) {
            return try CaptureConverter(self.format.native, channel: request.channel, name: request.device)
        } catch {
            throw CaptureError(.unusable, device: request.device, cause: error.cause)
        }
    }
}
