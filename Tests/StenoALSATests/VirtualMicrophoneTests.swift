import CALSA
import Glibc
import StenoTesting
import Testing

@Suite("The test microphone")
struct VirtualMicrophoneTests {
    private static let quick = VirtualMicrophone.Settings().with { $0.speed = 10 }

    @Test("Every frame comes once, in order, from the first")
    func wholeSignal() throws {
        let microphone = VirtualMicrophone(Self.quick)
        let reader = try VirtualMicrophoneReader(microphone.device, buffer: 16_000)
        try reader.start()
        let (samples, failure) = reader.collect(frames: 16_000)
        #expect(failure == nil)
        #expect(samples == CounterSignal.samples(0..<Int64(samples.count)))
        #expect(microphone.losses.isEmpty)
    }

    @Test("An overrun loses what was in the buffer, and the clock goes on")
    func overrun() throws {
        let microphone = VirtualMicrophone()
        microphone.send(.xrun, at: 4_000)
        let reader = try VirtualMicrophoneReader(microphone.device)
        try reader.start()
        let (before, failure) = reader.collect(frames: 8_000)
        #expect(failure == -EPIPE)
        #expect(reader.state == SND_PCM_STATE_XRUN)
        #expect(reader.wait(milliseconds: 0) == UInt16(POLLIN | POLLERR))
        try reader.restart()
        let (after, none) = reader.collect(frames: 1_000)
        #expect(none == nil)
        let heard = CounterSignal.stretches(in: before + after)
        #expect(heard.rest == 0)
        #expect(heard.stretches.count == 2)
        #expect(heard.stretches.first?.lowerBound == 0)
        #expect(before.count <= 4_000 && before.count > 4_000 - 640)
        #expect(microphone.losses == [Int64(before.count)..<(heard.stretches.last?.lowerBound ?? 0)])
    }
}
