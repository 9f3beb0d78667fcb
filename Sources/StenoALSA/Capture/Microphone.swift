import CALSA
import Glibc
package import StenoAudio
import StenoCore
import Synchronization

/// A microphone that is open and agreed on a format. Recording begins with `start` and ends with `stop`.
package final class Microphone: Sendable {
    /// What the device agreed to.
    package let format: CaptureFormat
    private let request: CaptureRequest
    private let requests: CaptureRequests
    private let log: @Sendable (String) -> Void
    /// What `start` takes with it.
    private let opened: Mutex<Opened?>

    /// Handed from the thread that opened it to the one that captures, through the lock.
    private struct Opened: @unchecked Sendable {
        let device: PCMDevice
        let converter: CaptureConverter
    }

    /// Opens the device and agrees on a format; nothing is captured yet.
    ///
    /// - Parameter log: gets a line about what happens, also on the capture thread, never per period.
    package static func open(
        _ request: CaptureRequest,
        log: @escaping @Sendable (String) -> Void
    ) throws(CaptureError) -> Microphone {
        ALSALog.write { log("libasound: \($0)") }
        guard let name = request.resolve(request.device) else { throw CaptureError(.absent, device: request.device) }
        let device = try PCMDevice.open(name, channel: request.channel, device: request.device)
        let converter = try device.makeConverter(request)
        guard let requests = CaptureRequests() else { throw CaptureError(.noResources, device: request.device) }
        return Microphone(Opened(device: device, converter: converter), request, requests, log)
    }

    private init(
        _ opened: Opened,
        _ request: CaptureRequest,
        _ requests: CaptureRequests,
        _ log: @escaping @Sendable (String) -> Void
    ) {
        self.format = opened.device.format
        self.request = request
        self.requests = requests
        self.log = log
        self.opened = Mutex(opened)
    }

    /// Begins to capture, on a thread of its own that ends with the recording. Only once.
    ///
    /// - Throws: when the system has no thread left; the writer is finished then.
    package func start(_ writer: consuming LiveWriter) throws(CaptureError) {
        let opened = self.opened.withLock { opened in
            defer { opened = nil }
            return opened
        }
        guard let opened else { preconditionFailure("a microphone is started once") }
        let loop = CaptureLoop(
            opened.device,
            opened.converter,
            request: self.request,
            requests: self.requests,
            writer: writer,
            log: self.log
        )
        let work = CaptureWork(loop, request: self.request, log: self.log)
        do throws(AudioError) {
            try NamedThread.run("steno-capture", path: self.request.device) { work.run() }
        } catch {
            throw CaptureError(.noResources, device: self.request.device, cause: error.cause)
        }
    }

    /// What is said from now on is not recorded; the timeline goes on as a gap. Any thread, returns at once.
    package func pause() { self.requests.pause(true) }

    package func resume() { self.requests.pause(false) }

    /// The recording ends with what was said up to now. Any thread, returns at once; before `start`, it ends at once
    /// when it begins.
    package func stop() { self.requests.stop() }
}

/// Passed to the capture thread, which alone uses it from then on.
private final class CaptureWork: @unchecked Sendable {
    private let loop: CaptureLoop
    private let request: CaptureRequest
    private let log: @Sendable (String) -> Void

    init(_ loop: CaptureLoop, request: CaptureRequest, log: @escaping @Sendable (String) -> Void) {
        self.loop = loop
        self.request = request
        self.log = log
    }

    func run() {
        if self.request.wantsRealTime {
            RealTime.askForPriority(self.log)
            if self.request.wantsLockedMemory { RealTime.askForLockedMemory(self.log) }
        }
        self.loop.run()
    }
}
