import StenoALSA
import StenoAudio
import StenoCore
import StenoTesting
import Testing

/// What goes wrong with a sound card, on a real `snd_pcm_t`: the recording goes on, and each gap is where and as long as
/// what the microphone says is lost.
@Suite("Microphone: faults")
struct CaptureFaultTests {
    /// One period, at 16 kHz.
    private static let period: Int64 = 320

    /// Between the gaps every frame stands once and in order, and the timeline keeps in step with the microphone's.
    private func expectInStep(_ recorded: Recorded, _ samples: [Int16], of device: VirtualMicrophone) {
        let stretches = recorded.stretches(of: samples)
        #expect(stretches.allSatisfy { $0.isWhole })
        #expect(stretches.allSatisfy { abs($0.offset) <= Self.period }, "\(stretches.map(\.offset))")
        // What is missing between two stretches is what no reader could have.
        let missing = zip(stretches, stretches.dropFirst()).map { $0.heard.upperBound..<$1.heard.lowerBound }
        let lost = device.losses.prefix(missing.count)
        #expect(missing == Array(lost))
    }

    @Test("An overrun is one gap, to the frame where it was and to a period as long")
    func overrun() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.xrun, at: 8_000)
        let recorded = try Recorded(device)
        await recorded.reaches(1)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.overrun])
        #expect(recorded.told == [.running])
    }

    @Test("A hundred overruns are a hundred gaps, and their errors do not add up")
    func hundredOverruns() async throws {
        let device = VirtualMicrophone.patient()
        let recorded = try Recorded(device)
        for count in 1...100 {
            // One that hits before anything was heard again makes no gap of its own.
            let heard = recorded.source.gaps.last?.span.end ?? .zero
            await recorded.until { recorded.source.progress.available - heard >= 800 }
            device.send(.xrun)
            await recorded.until { recorded.source.gaps.count >= count }
        }
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.count == 100)
        #expect(recorded.source.gaps.allSatisfy { $0.cause == .overrun })
    }

    @Test("A suspend is a gap up to when the card is back", arguments: [true, false])
    func suspend(canResume: Bool) async throws {
        let device = VirtualMicrophone.patient()
        device.send(canResume ? .suspend(milliseconds: 400) : .suspendWithoutResume, at: 4_000)
        let recorded = try Recorded(device)
        await recorded.reaches(1.2)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.suspended])
        let length = recorded.source.gaps.first?.span.frames ?? 0
        #expect(canResume ? (6_000...9_000).contains(length) : length < 3_000, "\(length)")
    }

    @Test("A card that is pulled out is waited for, and the timeline goes on meanwhile")
    func unplugged() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.gone, at: 4_000)
        let recorded = try Recorded(device)
        await recorded.tells(.waiting(.absent))
        await recorded.reaches(1)
        device.send(.back)
        await recorded.until { recorded.told.last == .running }
        await recorded.reaches(2)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.deviceGone])
        #expect(recorded.told == [.running, .waiting(.absent), .running])
    }

    @Test("A card that comes back under another name is found by its identity")
    func otherName() async throws {
        let first = VirtualMicrophone.patient()
        let second = VirtualMicrophone.patient()
        first.send(.gone, at: 4_000)
        let request = CaptureRequest(device: "usb-0000:0000-1") { [names = (first.device, second.device)] id in
            id == "usb-0000:0000-1" && first.journal.contains { $0.name == "disconnected" } ? names.1 : names.0
        }
        let recorded = try Recorded(request)
        await recorded.tells(.waiting(.absent))
        await recorded.until { recorded.told.last == .running }
        _ = try await recorded.finished()
        #expect(second.journal.contains { $0.name == "start" })
    }

    @Test("A silence that nobody explains is a gap where it was, once it is certain that it was a loss")
    func shortStall() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.stall(milliseconds: 600), at: 8_000)
        let recorded = try Recorded(device)
        await recorded.reaches(1.8)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.stalled])
    }

    @Test("A device that is stuck is told after a second, and opened again after two")
    func stuck() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.stall(milliseconds: 60_000), at: 8_000)
        let recorded = try Recorded(device)
        await recorded.tells(.waiting(.stuck))
        await recorded.until { recorded.told.last == .running }
        await recorded.reaches(3.2)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.stalled])
        let length = recorded.source.gaps.first?.span.frames ?? 0
        #expect((32_000...40_000).contains(length), "\(length)")
    }

    @Test("Data that is only late is no gap")
    func late() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.late(milliseconds: 600), at: 8_000)
        let recorded = try Recorded(device)
        await recorded.reaches(1.5)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps == [])
    }

    @Test("Data that is later than the buffer holds is an overrun")
    func tooLate() async throws {
        let device = VirtualMicrophone()
        device.send(.late(milliseconds: 1_500), at: 8_000)
        let recorded = try Recorded(device)
        await recorded.reaches(2.5)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.overrun])
    }

    @Test("Reads that fail open the device again")
    func failingReads() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.failingReads(1), at: 8_000)
        let recorded = try Recorded(device)
        await recorded.tells(.waiting(.failing))
        await recorded.until { recorded.told.last == .running }
        await recorded.reaches(1.2)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.deviceGone])
        // The first attempt succeeds: the old device was closed before it.
        #expect(!device.journal.contains { $0.name == "refused-open" })
    }

    @Test("Short reads of odd counts and wake-ups without data neither slip a sample nor make a gap")
    func oddReads() async throws {
        let device = VirtualMicrophone.patient { $0.granularity = 7 }
        device.send(.shortReads(40), at: 2_000)
        device.send(.spuriousWakes(20), at: 10_000)
        let recorded = try Recorded(device)
        await recorded.reaches(1.2)
        let samples = try await recorded.finished()
        #expect(recorded.source.gaps == [])
        #expect(CounterSignal.firstDifference(in: samples) == nil, "\(recorded.source.gaps)")
    }

    @Test(
        "A clock that drifts slips nothing, and an overrun in it is as long as it was",
        arguments: [0.999_5, 1.000_5]
    )
    func drift(speed: Double) async throws {
        let device = VirtualMicrophone.patient { $0.speed = speed }
        device.send(.xrun, at: 32_000)
        let recorded = try Recorded(device)
        await recorded.reaches(2.5)
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.overrun])
    }

    @Test("A device that is taken when it should come back is waited for, and the reason told")
    func busyLater() async throws {
        let device = VirtualMicrophone.patient()
        device.send(.busy(), at: 4_000)
        device.send(.failingReads(1), at: 4_000)
        let recorded = try Recorded(device)
        await recorded.tells(.waiting(.busy))
        device.send(.free)
        await recorded.until { recorded.told.last == .running }
        let samples = try await recorded.finished()
        self.expectInStep(recorded, samples, of: device)
        #expect(recorded.source.gaps.map(\.cause) == [.deviceGone])
    }
}
