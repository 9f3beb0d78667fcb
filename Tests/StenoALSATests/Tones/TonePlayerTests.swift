import StenoTesting
import Testing

@testable import StenoALSA

@Suite("Tone player")
struct TonePlayerTests {
    private let folder = TemporaryFolder()
    private let second: Int64 = 1_000_000_000

    /// An ALSA device that writes what it plays into a file.
    private var device: String { "file:'\(self.folder.path("played"))',raw" }

    @Test("The whole tone is played, each sample once")
    func whole() throws {
        try TonePlayer(device: self.device, deadline: TonePlayer.now() + self.second).play(.begin)
        let bytes = Tone.begin.samples(rate: 48_000).flatMap { WAVFixture.bytes($0) }
        #expect(self.folder.read("played") == bytes)
    }

    @Test("Nothing is played after the deadline, because a recording may run by then")
    func late() throws {
        try TonePlayer(device: self.device, deadline: TonePlayer.now()).play(.begin)
        #expect(self.folder.read("played").isEmpty)
    }

    @Test("A device that is not there is a failure and no trap", arguments: ["no such device", "hw:9,9", "", "vmic"])
    func absent(device: String) {
        #expect(throws: TonePlayer.Failure.self) {
            try TonePlayer(device: device, deadline: TonePlayer.now() + self.second).play(.end)
        }
    }
}
