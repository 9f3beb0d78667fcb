import Glibc
import StenoALSA
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Microphone")
struct MicrophoneTests {
    @Test("Every frame from the first to the stop is on the timeline, in order, once")
    func whole() async throws {
        let device = VirtualMicrophone.patient()
        let recorded = try Recorded(device)
        await recorded.reaches(1)
        let samples = try await recorded.finished()
        #expect(samples.count >= 16_000)
        #expect(recorded.source.gaps.isEmpty)
        #expect(CounterSignal.firstDifference(in: samples) == nil, "\(recorded.source.gaps)")
        #expect(recorded.notices.contains(.running))
    }

    @Test("The last words count: what was heard up to the stop is read")
    func lastWords() async throws {
        let device = VirtualMicrophone.patient { $0.period = 1_600...1_600 }
        let recorded = try Recorded(device)
        await recorded.reaches(0.5)
        let samples = try await recorded.finished()
        #expect(recorded.stopTook < .milliseconds(300))
        let stopped = device.journal.last { $0.name == "stop" }?.frames.last ?? 0
        #expect(Int64(samples.count) >= stopped - 1_600, "\(samples.count) of \(stopped)")
        #expect(CounterSignal.firstDifference(in: samples) == nil, "\(recorded.source.gaps)")
    }

    @Test("A stop is obeyed at once also when the device is gone, and the timeline reaches up to it")
    func stopWithoutDevice() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.gone, at: 4_000)
        let recorded = try Recorded(device)
        await recorded.tells(.waiting(.absent))
        await recorded.reaches(1)
        let samples = try await recorded.finished()
        #expect(recorded.stopTook < .milliseconds(300))
        #expect(samples.count >= 16_000)
        #expect(recorded.source.gaps.map(\.cause) == [.deviceGone])
    }

    @Test("A stop is obeyed while opening the device hangs, and so is the clock")
    func stopWhileOpeningHangs() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.gone, at: 4_000)
        let hanging = TestPipe()
        let isFirst = Once()
        let request = CaptureRequest(device: device.device) { name in
            // The second time it is asked, it does not answer before the test is over.
            if !isFirst.take() { hanging.awaitEnd() }
            return name
        }
        let recorded = try Recorded(request)
        await recorded.tells(.waiting(.absent))
        await recorded.reaches(1.5)
        _ = try await recorded.finished()
        #expect(recorded.stopTook < .milliseconds(300))
        #expect(recorded.source.gaps.map(\.cause) == [.deviceGone])
        hanging.finish()
    }

    @Test("A pause is a gap in which nothing is kept, and the timeline goes on")
    func pause() async throws {
        let device = VirtualMicrophone.patient()
        let recorded = try Recorded(device)
        await recorded.reaches(0.5)
        recorded.microphone.pause()
        await recorded.until { recorded.told.count == 2 }
        let paused = recorded.source.progress.available
        await recorded.reaches(paused.seconds + 0.5)
        recorded.microphone.resume()
        await recorded.until { recorded.told.count == 3 }
        await recorded.reaches(paused.seconds + 1)
        let samples = try await recorded.finished()
        let stretches = recorded.stretches(of: samples)
        #expect(recorded.source.gaps.map(\.cause) == [.paused])
        #expect(stretches.count == 2)
        #expect(stretches.allSatisfy { $0.isWhole && abs($0.offset) <= 320 }, "\(stretches.map(\.offset))")
        guard case .paused(let start) = recorded.told.dropFirst().first else { Issue.record("no pause told"); return }
        #expect(start == recorded.source.gaps.first?.span.start)
        #expect(recorded.told.count == 3)
    }

    @Test("A level is told ten times a second")
    func levels() async throws {
        let recorded = try Recorded(VirtualMicrophone.patient())
        await recorded.reaches(1)
        _ = try await recorded.finished()
        let levels = recorded.notices.compactMap { if case .level(let level) = $0 { level } else { nil } }
        #expect(levels.count >= 3)
        #expect(levels.allSatisfy { $0.peak > 0 })
        #expect(levels.first?.start == .zero)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $0.start + $0.frames == $1.start })
    }
}

/// True once.
private final class Once: Sendable {
    private let isLeft = Atomic(true)

    func take() -> Bool { self.isLeft.exchange(false, ordering: .relaxed) }
}

extension TestPipe {
    /// Holds up the calling thread until `finish`.
    fileprivate func awaitEnd() {
        var byte: UInt8 = 0
        _ = read(self.readEnd, &byte, 1)
    }
}
