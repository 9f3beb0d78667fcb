import Glibc
import StenoALSA
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Microphone: formats")
struct CaptureFormatTests {
    private static func settings(_ change: (inout VirtualMicrophone.Settings) -> Void) -> VirtualMicrophone {
        VirtualMicrophone.patient(change)
    }

    @Test("Every width of 16 kHz is rounded, and nothing else", arguments: VirtualMicrophone.Format.allCases)
    func widths(format: VirtualMicrophone.Format) async throws {
        let recorded = try Recorded(Self.settings { $0.formats = [format] })
        await recorded.reaches(0.3)
        let samples = try await recorded.finished()
        #expect(CounterSignal.firstDifference(in: samples) == nil, "\(recorded.source.gaps)")
    }

    @Test("One channel of several is taken as it is", arguments: 1...4)
    func channel(number: Int) async throws {
        let recorded = try Recorded(Self.settings { $0.channels = [4] }, channel: .one(number))
        await recorded.reaches(0.3)
        let samples = try await recorded.finished()
        #expect(
            CounterSignal.firstDifference(in: samples, channel: number - 1) == nil,
            "\(recorded.source.gaps)"
        )
    }

    @Test("A channel that the device has not is refused, and the text says how many there are")
    func noChannel() throws {
        let device = Self.settings { $0.channels = [2] }
        let error = #expect(throws: CaptureError.self) {
            try Microphone.open(CaptureRequest(device: device.device, channel: .one(3))) { _ in }
        }
        #expect(error?.reason == .noChannel(3, of: 2))
        #expect(error?.code == .absent)
    }

    @Test(
        "Other rates are resampled to the exact length, and a tone stays a tone",
        arguments: [(48_000, 2), (44_100, 1), (32_000, 1), (96_000, 2), (8_000, 1)]
    )
    func rates(rate: Int, channels: Int) async throws {
        let tone = Signal.tone(440, frames: 2 * rate, rate: rate).flatMap { [Int16](repeating: $0, count: channels) }
        let device = Self.settings { settings in
            settings.sound = .samples(tone, then: .silence)
            settings.rates = [rate]
            settings.channels = [channels]
        }
        device.send(.xrun, at: Int64(rate) / 2)
        let recorded = try Recorded(device)
        #expect(recorded.microphone.format.native.rate == rate)
        await recorded.reaches(1.5)
        let samples = try await recorded.finished()
        #expect(recorded.source.gaps.count == 1)
        // Where it is heard, it is the tone at its own time, to the gap's error of a period.
        let gap = try #require(recorded.source.gaps.first?.span)
        let lost = try #require(device.losses.first)
        #expect(abs(gap.start.frames - lost.lowerBound * 16_000 / Int64(rate)) <= 1)
        let start = Double(device.journal.first { $0.name == "start" }?.frames.first ?? 0) / Double(rate)
        let errors = (400..<Int(gap.start.frames) - 400).map { frame in
            abs(Double(samples[frame]) - 16_384 * sin(2 * .pi * 440 * (start + Double(frame) / 16_000)))
        }
        #expect((errors.max() ?? .infinity) < 330)
    }

    @Test("16 kHz mono is asked for first, then 48 kHz, with a second of buffer")
    func negotiation() throws {
        let device = Self.settings { settings in
            settings.rates = [44_100, 48_000, 16_000]
            settings.channels = [1, 2]
            settings.formats = [.float, .s32, .s16]
            settings.buffer = 64...1_048_576
        }
        let format = try Microphone.open(CaptureRequest(device: device.device)) { _ in }.format
        #expect(format.native == NativeFormat(.signed16, rate: 16_000, channels: 1))
        #expect(format.periodFrames == 320)
        #expect(format.bufferFrames == 16_000)
        let other = Self.settings { $0.rates = [44_100, 48_000] }
        let second = try Microphone.open(CaptureRequest(device: other.device)) { _ in }.format
        #expect(second.native.rate == 48_000)
    }

    @Test("What is given is taken, also periods of ten seconds", arguments: [(333, 99_900), (160_000, 320_000)])
    func oddPeriods(period: Int, buffer: Int) async throws {
        let device = Self.settings { settings in
            settings.period = period...period
            settings.buffer = buffer...buffer
        }
        let recorded = try Recorded(device)
        #expect(recorded.microphone.format.periodFrames == period)
        await recorded.reaches(0.5)
        let samples = try await recorded.finished()
        #expect(CounterSignal.firstDifference(in: samples) == nil, "\(recorded.source.gaps)")
    }
}
