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
        /// When the end was told.
        var ended: ContinuousClock.Instant?
    }

    let microphone: Microphone
    let source: LiveSource
    private let state: Shared
    private let stopped = Mutex<ContinuousClock.Instant?>(nil)

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

    convenience init(_ device: VirtualMicrophone, channel: ChannelChoice = .mix) throws {
        try self.init(CaptureRequest(device: device.device, channel: channel))
    }

    init(_ request: CaptureRequest) throws {
        let shared = Shared()
        // Where that is allowed, so that a busy machine does not add faults to those that a test makes.
        var request = request
        request.wantsRealTime = true
        request.wantsLockedMemory = false
        self.state = shared
        self.microphone = try Microphone.open(request) { line in
            shared.state.withLock { $0.lines.append(line) }
        }
        self.source = try LiveSource(recording: try SpoolRecording(folder: self.folder.path)) { notice in
            shared.state.withLock { $0.notices.append(notice) }
            shared.change.yield()
        }
        let source = self.source
        self.source.observe { [weak source] in
            if let source, source.progress.isComplete { shared.state.withLock { $0.ended = $0.ended ?? .now } }
            shared.change.yield()
        }
        try self.microphone.start(self.source.makeWriter())
    }

    var notices: [CaptureNotice] { self.state.state.withLock { $0.notices } }
    var lines: [String] { self.state.state.withLock { $0.lines } }

    /// What was told about the device, without levels and gaps.
    var told: [CaptureNotice] {
        self.notices.filter { notice in
            switch notice {
            case .running, .waiting, .paused, .resumed: true
            case .level, .gap, .recordingFailing, .recordingRecovered: false
            }
        }
    }

    /// Waits until the timeline is so long, or ends.
    func reaches(_ seconds: Double) async {
        await self.until { self.source.progress.available >= SamplePosition(seconds: seconds) }
    }

    /// Waits until `notice` was told.
    func tells(_ notice: CaptureNotice) async {
        await self.until { self.notices.contains(notice) }
    }

    /// Waits until `condition` holds; it is asked again after every change.
    func until(_ condition: () -> Bool) async {
        if condition() { return }
        for await _ in self.state.changes where condition() || self.source.progress.isComplete { return }
    }

    /// How long it took from the stop to the end of the recording.
    var stopTook: Duration {
        let (asked, ended) = (self.stopped.withLock { $0 }, self.state.state.withLock { $0.ended })
        return asked.flatMap { asked in ended.map { $0 - asked } } ?? .seconds(1_000)
    }

    /// Stops, and gives the whole timeline; zeros in gaps.
    func finished() async throws -> [Int16] {
        self.stopped.withLock { $0 = .now }
        self.microphone.stop()
        await self.until { self.source.progress.isComplete }
        _ = await self.source.recorded()
        var samples = [Int16](repeating: 0, count: Int(self.source.progress.available.frames))
        let count = try samples.withUnsafeMutableBufferPointer { try self.source.read(at: .zero, into: $0) }
        precondition(count == samples.count, "read \(count) of \(samples.count)")
        return samples
    }
}

extension Recorded {
    /// A stretch of the timeline without a gap, and which frame of the microphone stands at its start.
    struct Stretch {
        var span: Range<Int64>
        var heardFrom: Int64
        /// Every frame of it is the one that follows the one before.
        var isWhole: Bool

        var heard: Range<Int64> { self.heardFrom..<self.heardFrom + Int64(self.span.count) }
        /// How far the timeline is behind the microphone's.
        var offset: Int64 { self.heardFrom - self.span.lowerBound }
    }

    /// What lies between the gaps, placed by what the microphone said there.
    func stretches(of samples: [Int16], channel: Int = 0) -> [Stretch] {
        var stretches: [Stretch] = []
        var position: Int64 = 0
        var from: Int64 = 0
        for gap in self.source.gaps.map(\.span) + [AudioSpan(Int64(samples.count)..<Int64(samples.count))] {
            let span = position..<gap.start.frames
            position = gap.end.frames
            let heard = samples[Int(span.lowerBound)..<Int(span.upperBound)]
            guard !span.isEmpty else { continue }
            let start = CounterSignal.find(heard, from: from, channel: channel) ?? -1
            let isWhole = heard.enumerated().allSatisfy { index, sample in
                sample == CounterSignal.sample(start + Int64(index), channel: channel)
            }
            stretches.append(Stretch(span: span, heardFrom: start, isWhole: isWhole))
            from = max(0, start) + Int64(span.count)
        }
        return stretches
    }
}

extension CounterSignal {
    /// Where `samples` differ from what a microphone hears from its first frame on. An expectation that compares all of
    /// them would look for every difference, for minutes.
    static func firstDifference(in samples: [Int16], channel: Int = 0) -> Int? {
        samples.indices.first { samples[$0] != Self.sample(Int64($0), channel: channel) }
    }
}

extension VirtualMicrophone {
    /// One with so large a buffer that a machine, or a sanitizer, that stands still for seconds adds no overrun of its
    /// own.
    static func patient(_ change: (inout Settings) -> Void = { _ in }) -> VirtualMicrophone {
        VirtualMicrophone(
            Settings().with { settings in
                settings.buffer = 400_000...1_048_576
                change(&settings)
            }
        )
    }
}
