import CALSA
import StenoAudio
import StenoCore
import Synchronization

/// One attempt to open the device again. It has a thread of its own, because closing and opening may take for ever when a
/// sound server hangs or a driver is stuck: meanwhile the timeline must go on, and a stop must be obeyed.
///
/// At its bound: an attempt that never ends keeps its thread, and no second one begins while it is awaited. When nobody
/// waits for it any more, it closes what it opened.
final class OpeningAttempt: Sendable {
    /// Handed from the thread that opened it to the capture thread, through the lock.
    struct Opened: @unchecked Sendable {
        let device: PCMDevice
        /// `nil` when the one for `format` still serves.
        let converter: CaptureConverter?
    }

    enum Outcome: Sendable {
        case opened(Opened)
        case failed(DeviceTrouble)
    }

    /// A device on its way to be closed elsewhere; whoever passes it on does not touch it again.
    private struct Discarded: @unchecked Sendable {
        var device: PCMDevice?
    }

    private let outcome = Mutex<Outcome?>(nil)
    private let request: CaptureRequest
    private let requests: CaptureRequests
    private let card: CardIdentity?
    private let format: NativeFormat

    /// - Parameters:
    ///   - card: on which the recording began: no other one may take its place.
    ///   - format: for which there is a converter.
    init(_ request: CaptureRequest, requests: CaptureRequests, card: CardIdentity?, format: NativeFormat) {
        self.request = request
        self.requests = requests
        self.card = card
        self.format = format
    }

    /// Begins. The old device is closed first, for most devices can be opened only once.
    ///
    /// - Returns: `false` when the system has no thread left.
    func begin(closing old: PCMDevice?) -> Bool {
        let discarded = Mutex(Discarded(device: old))
        let box = Box(discarded)
        return Self.run(on: self.request.device) {
            box.close()
            self.open()
        }
    }

    /// Closes a device that nobody may wait for.
    static func discard(_ device: PCMDevice) {
        let box = Box(Mutex(Discarded(device: device)))
        // Without a thread it is closed here after all, when the box goes.
        _ = Self.run(on: "") { box.close() }
    }

    /// What came of it, once. Capture thread.
    func take() -> Outcome? { self.outcome.withLock { $0.take() } }

    private func open() {
        let outcome = self.attempt()
        self.outcome.withLock { $0 = outcome }
        self.requests.wake()
    }

    private func attempt() -> Outcome {
        guard let name = self.request.resolve(self.request.device) else { return .failed(.absent) }
        do throws(CaptureError) {
            let device = try PCMDevice.open(name, channel: self.request.channel, device: self.request.device)
            if let card = self.card, let found = device.card, found != card { return .failed(.absent) }
            let isSame = device.format.native == self.format
            return .opened(Opened(device: device, converter: isSame ? nil : try device.makeConverter(self.request)))
        } catch {
            return .failed(error.trouble)
        }
    }

    private static func run(on device: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        do throws(AudioError) {
            try NamedThread.run("steno-open", path: device, body)
            return true
        } catch {
            return false
        }
    }

    /// Where a device waits for the thread that closes it.
    private final class Box: Sendable {
        private let content: Mutex<Discarded>

        init(_ content: consuming sending Mutex<Discarded>) {
            self.content = content
        }

        func close() {
            let discarded = self.content.withLock { content in
                defer { content.device = nil }
                return content
            }
            // Now, and not when the last one lets it go: it is opened again next.
            discarded.device?.close()
        }
    }
}
