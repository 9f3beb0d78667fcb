import StenoTesting
import Testing

@testable import StenoALSA

@Suite("Tone device")
struct ToneDeviceTests {
    private let folder = TemporaryFolder()

    @Test("It returns when the tone has been played")
    func played() throws {
        try ToneDevice.play(.end, device: "file:'\(self.folder.path("played"))',raw")
        #expect(self.folder.read("played").count == 2 * Tone.end.samples(rate: 48_000).count)
    }

    @Test(
        "A device that is not there is an error, which nobody has to heed",
        arguments: ["no such device", "hw:9,9", ""]
    )
    func absent(device: String) {
        let error = #expect(throws: CaptureError.self) { try ToneDevice.play(.begin, device: device) }
        #expect(error?.device == device)
        #expect(error?.cause?.hasPrefix("snd_pcm_open: -") == true)
    }
}
