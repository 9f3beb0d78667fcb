import StenoALSA
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Microphone")
struct MicrophoneTests {
    @Test("Every frame from the first to the stop is on the timeline, in order, once")
    func whole() async throws {
        let device = VirtualMicrophone()
        let recorded = try Recorded(device)
        await recorded.reaches(1)
        let samples = try await recorded.finished()
        #expect(samples.count >= 16_000)
        #expect(recorded.source.gaps.isEmpty)
        #expect(samples == CounterSignal.samples(0..<Int64(samples.count)))
        #expect(recorded.notices.contains(.running))
    }
}
