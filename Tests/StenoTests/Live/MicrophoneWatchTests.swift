import Steno
import StenoCore
import Synchronization
import Testing

@Suite("Microphone watch")
struct MicrophoneWatchTests {
    private final class Told: Sendable {
        let events = Mutex<[RunEvent]>([])
        let stops = Mutex(0)

        var warnings: [String] {
            self.events.withLock { events in
                events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
            }
        }

        var conditions: [MicrophoneCondition] {
            self.events.withLock { events in
                events.compactMap { if case .microphone(let report) = $0 { report.condition } else { nil } }
            }
        }
    }

    private static func watch(_ told: Told, _ limit: RecordingLimit = RecordingLimit(duration: nil, silence: nil))
        -> MicrophoneWatch
    {
        MicrophoneWatch(
            limit: limit,
            tell: { event in told.events.withLock { $0.append(event) } },
            stop: { told.stops.withLock { $0 += 1 } }
        )
    }

    /// 100 ms of a tone of this magnitude, number `index` of them.
    private static func level(_ index: Int64, magnitude: Int) -> CaptureNotice {
        let frames = Int64(SamplePosition.rate / 10)
        return .level(
            LevelReading(
                start: SamplePosition(frames: index * frames),
                frames: frames,
                peak: magnitude,
                squares: Double(magnitude * magnitude) / 2 * Double(frames),
                sum: 0,
                clippedFrames: 0,
                trailingZeros: magnitude == 0 ? frames : 0
            )
        )
    }

    @Test("Levels are passed on as fractions of full scale")
    func levels() {
        let told = Told()
        Self.watch(told).receive(Self.level(0, magnitude: 16_384))
        let levels = told.events.withLock { events in
            events.compactMap { if case .level(let rms, let peak) = $0 { (rms, peak) } else { nil } }
        }
        #expect(levels.count == 1)
        #expect(levels.first?.1 == 0.5)
        #expect(abs((levels.first?.0 ?? 0) - 0.354) < 0.001)
    }

    @Test("Three seconds of exact zeros are told once, with what to do")
    func zeros() throws {
        let told = Told()
        let watch = Self.watch(told)
        for index in 0..<40 { watch.receive(Self.level(Int64(index), magnitude: 0)) }
        #expect(told.conditions == [.digitalZero])
    }

    @Test("A device that is gone is told once for each trouble, and its return is told")
    func device() {
        let told = Told()
        let watch = Self.watch(told)
        watch.receive(.running)
        watch.receive(.waiting(.absent))
        watch.receive(.waiting(.absent))
        watch.receive(.waiting(.busy))
        watch.receive(.running)
        #expect(told.warnings.count == 3)
        #expect(told.warnings.first?.hasPrefix("The microphone is gone.") == true)
        #expect(told.warnings.last == "The microphone is back.")
        #expect(told.conditions.first == .noData)
    }

    @Test("The duration stops the recording once")
    func duration() {
        let told = Told()
        let watch = Self.watch(told, RecordingLimit(duration: Int64(SamplePosition.rate), silence: nil))
        for index in 0..<30 { watch.receive(Self.level(Int64(index), magnitude: 4_000)) }
        #expect(told.stops.withLock { $0 } == 1)
    }

    @Test("A device that never comes back does not keep the recording from ending")
    func goneForGood() {
        let told = Told()
        let watch = Self.watch(told, RecordingLimit(duration: Int64(SamplePosition.rate), silence: nil))
        watch.receive(.waiting(.absent))
        for frames in stride(from: Int64(4_000), through: 20_000, by: 4_000) {
            watch.receive(.gap(start: .zero, frames: frames, cause: .deviceGone))
        }
        #expect(told.stops.withLock { $0 } == 1)
    }

    @Test("Pauses are told, and do not count")
    func pauses() {
        let told = Told()
        let watch = Self.watch(told, RecordingLimit(duration: Int64(SamplePosition.rate), silence: nil))
        watch.receive(.paused(.zero))
        watch.receive(.resumed(SamplePosition(seconds: 60)))
        for index in 600..<609 { watch.receive(Self.level(Int64(index), magnitude: 4_000)) }
        #expect(told.stops.withLock { $0 } == 0)
        let kinds = told.events.withLock { events in
            events.compactMap { event in
                switch event {
                case .paused: "paused"
                case .resumed: "resumed"
                default: nil
                }
            }
        }
        #expect(kinds == ["paused", "resumed"])
    }

    @Test("A full disk is told once, with what to do; a disk that stalls otherwise is told as before")
    func disk() {
        let told = Told()
        let watch = Self.watch(told)
        watch.receive(.recordingFailing(.zero))
        watch.receive(.recordingRecovered(.zero))
        #expect(told.warnings.count == 2)
        watch.receive(DiskNotice.usingReserve(.seconds(200)))
        watch.receive(DiskNotice.full)
        watch.receive(.recordingFailing(.zero))
        watch.receive(DiskNotice.goesOn)
        watch.receive(.recordingRecovered(.zero))
        #expect(
            told.warnings.dropFirst(2) == [
                DiskNotice.usingReserve(.seconds(200)).words, DiskNotice.full.words, DiskNotice.goesOn.words,
            ]
        )
    }
}
