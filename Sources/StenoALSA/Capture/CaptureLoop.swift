import CALSA
import Glibc
import StenoAudio
import StenoCore

/// What the capture thread does: performs what `CaptureStateMachine` decides, until the recording ends. No allocation,
/// lock or task for what comes with every period; opening and closing a device may do what they like.
final class CaptureLoop {
    /// Read at a time; a device that holds more is read again at once.
    private static let readFrames = 8_192

    private let request: CaptureRequest
    private let requests: CaptureRequests
    private let log: @Sendable (String) -> Void
    private var writer: LiveWriter
    private var machine: CaptureStateMachine
    private var device: PCMDevice?
    private var converter: CaptureConverter
    private var bytes: UnsafeMutableRawBufferPointer
    private var tally = LevelTally()
    /// Frames in `bytes` that the last read gave.
    private var framesRead = 0
    private var isPausing = false
    private var isStopping = false

    init(
        _ device: PCMDevice,
        _ converter: CaptureConverter,
        request: CaptureRequest,
        requests: CaptureRequests,
        writer: consuming LiveWriter,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.device = device
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
    private static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private static func scratch(_ format: CaptureFormat) -> UnsafeMutableRawBufferPointer {
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
        case .look: return self.machine.looked(self.device?.look() ?? .fault(.lost(.absent)), now: Self.now)
        case .read(let frames): return self.read(frames)
        case .append: self.append()
        case .skip(let frames, let cause): self.skip(frames, cause)
        case .tell(let telling): self.tell(telling)
        case .restart:
            return self.machine.restarted(self.device?.restart() ?? .fault(.lost(.absent)), now: Self.now)
        case .resume:
            return self.machine.resumed(self.device?.resume() ?? .fault(.lost(.absent)), now: Self.now)
        case .close: self.device = nil
        case .open: return self.machine.opened(self.open(), now: Self.now)
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

    private func wait(_ until: Duration) -> CaptureStateMachine.Action {
        guard let device = self.device else { return self.machine.waited(.fault(.lost(.absent)), now: Self.now) }
        let outcome = device.wait(orFor: self.requests.wakeUp, milliseconds: Self.milliseconds(to: until))
        self.requests.answer()
        return self.machine.waited(outcome, now: Self.now)
    }

    private func rest(_ until: Duration) -> CaptureStateMachine.Action {
        var descriptor = pollfd(fd: self.requests.wakeUp, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, Self.milliseconds(to: until))
        self.requests.answer()
        return self.machine.performed(now: Self.now)
    }

    /// Rounded up, so that the time has come afterwards; bounded, so that nothing waits for ever on a wrong clock.
    private static func milliseconds(to time: Duration) -> Int32 {
        let parts = min(max(time - Self.now, .zero), .seconds(60)).components
        return Int32(parts.seconds * 1_000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private func read(_ frames: Int) -> CaptureStateMachine.Action {
        guard let device = self.device, let base = self.bytes.baseAddress else {
            return self.machine.read(.fault(.lost(.absent)), now: Self.now)
        }
        let outcome = device.read(min(max(1, frames), Self.readFrames), into: base)
        if case .some(let count) = outcome { self.framesRead = min(count, Self.readFrames) }
        return self.machine.read(outcome, now: Self.now)
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
        case .running: self.writer.notify(.running)
        case .waiting(let trouble):
            self.log("capture waits for the device: \(trouble.rawValue)")
            self.writer.notify(.waiting(trouble))
        case .paused: self.writer.notify(.paused(self.writer.position))
        case .resumed: self.writer.notify(.resumed(self.writer.position))
        }
    }

    private func finish() {
        self.interrupt()
        // Closed before the end is told: a tone that follows may need the card.
        self.device = nil
        self.writer.finish()
    }

    private func open() -> CaptureStateMachine.Opening {
        guard let name = self.request.resolve(self.request.device) else { return .failed(.absent) }
        do throws(CaptureError) {
            let device = try PCMDevice(name, channel: self.request.channel, device: self.request.device)
            if device.format.native != self.converter.format {
                self.converter = try device.makeConverter(self.request)
                self.bytes.deallocate()
                self.bytes = Self.scratch(device.format)
            }
            self.device = device
            self.log("capture opened the device again")
            return .opened(device.format.timing)
        } catch {
            return .failed(error.trouble)
        }
    }
}

extension CaptureFormat {
    fileprivate var timing: CaptureStateMachine.Timing {
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

extension CaptureError {
    /// While a recording goes on, every failure is a trouble that may pass.
    fileprivate var trouble: DeviceTrouble {
        switch self.reason {
        case .absent: .absent
        case .notPermitted: .notPermitted
        case .busy: .busy
        case .stuck: .stuck
        case .serverGone: .serverGone
        case .noChannel, .unusable: .unusable
        case .failing, .noResources: .failing
        }
    }
}
