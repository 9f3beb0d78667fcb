import StenoALSA
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization

/// A recording of a virtual microphone: started, and waited for without sleeping.
final class Recorded: Sendable {
    private struct State {
        var notices: [CaptureNotice] = []
        var lines: [String] = []
    }

    let microphone: Microphone
    let source: LiveSource
    private let state: Shared

    /// Lives as long as anybody still tells it something.
    private final class Shared: Sendable {
        let state = Mutex(State())
        let changes: AsyncStream<Void>
        let change: AsyncStream<Void>.Continuation

        init() {
            (self.changes, self.change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
    }

    private let folder = TemporaryFolder()

    init(_ device: VirtualMicrophone, channel: ChannelChoice = .mix) throws {
        let shared = Shared()
        self.state = shared
        self.microphone = try Microphone.open(CaptureRequest(device: device.device, channel: channel)) { line in
            shared.state.withLock { $0.lines.append(line) }
        }
        self.source = try LiveSource(recording: try SpoolRecording(folder: self.folder.path)) { notice in
            shared.state.withLock { $0.notices.append(notice) }
            shared.change.yield()
        }
        self.source.observe { shared.change.yield() }
        try self.microphone.start(self.source.makeWriter())
    }

    var notices: [CaptureNotice] { self.state.state.withLock { $0.notices } }
    var lines: [String] { self.state.state.withLock { $0.lines } }

    /// Waits until the timeline is so long, or ends.
    func reaches(_ seconds: Double) async {
        await self.until { self.source.progress.available >= SamplePosition(seconds: seconds) }
    }

    /// Waits until `condition` holds; it is asked again after every change.
    func until(_ condition: () -> Bool) async {
        if condition() { return }
        for await _ in self.state.changes where condition() || self.source.progress.isComplete { return }
    }

    /// Stops, and gives the whole timeline; zeros in gaps.
    func finished() async throws -> [Int16] {
        self.microphone.stop()
        await self.until { self.source.progress.isComplete }
        _ = await self.source.recorded()
        var samples = [Int16](repeating: 0, count: Int(self.source.progress.available.frames))
        let count = try samples.withUnsafeMutableBufferPointer { try self.source.read(at: .zero, into: $0) }
        precondition(count == samples.count, "read \(count) of \(samples.count)")
        return samples
    }
}
