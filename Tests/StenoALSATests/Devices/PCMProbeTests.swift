import StenoCore
import StenoTesting
import Testing

@testable import StenoALSA

@Suite("PCM probe")
struct PCMProbeTests {
    @Test("It tells what a device delivers, and leaves the device as it was")
    func abilities() {
        let microphone = VirtualMicrophone(
            .init().with {
                $0.formats = [.s16, .s24, .float]
                $0.rates = [44_100, 48_000]
                $0.channels = [1, 2]
            }
        )
        let abilities = PCMAbilities(
            formats: ["S16_LE", "S24_3LE", "FLOAT_LE"],
            rates: [44_100, 48_000],
            channels: [1, 2]
        )
        for _ in 0..<3 { #expect(PCMProbe.ask(microphone.device) == .abilities(abilities)) }
        #expect(!microphone.journal.contains { $0.name == "start" })
    }

    @Test("A device that cannot be asked says why")
    func trouble() {
        let microphone = VirtualMicrophone()
        microphone.send(.busy())
        #expect(PCMProbe.ask(microphone.device) == .trouble(.busy))
        microphone.send(.denied())
        #expect(PCMProbe.ask(microphone.device) == .trouble(.notPermitted))
        microphone.send(.free)
        #expect(PCMProbe.ask(microphone.device) != .trouble(.notPermitted))
        #expect(PCMProbe.ask("hw:CARD=NoSuchCard,DEV=0") == .trouble(.absent))
        #expect(PCMProbe.ask("no such name") == .trouble(.absent))
    }
}
