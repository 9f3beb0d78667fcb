import StenoStore
import StenoTesting
import Testing

@testable import Steno

@Suite("Place of the master key")
struct MasterKeyPlaceTests {
    private let folder = TemporaryFolder()

    private func place(_ environment: [String: String]) -> MasterKeyPlace {
        SettingsInput(environment: environment).masterKey
    }

    @Test("It lies beside the configuration file; without a home there is no place")
    func file() {
        #expect(self.place(["HOME": "/h"]) == .file("/h/.config/steno/master.key"))
        #expect(self.place(["HOME": "/h", "XDG_CONFIG_HOME": "/c"]) == .file("/c/steno/master.key"))
        #expect(self.place(["HOME": "/h", "XDG_CONFIG_HOME": "c"]) == .file("/h/.config/steno/master.key"))
        #expect(self.place([:]) == .nowhere)
    }

    @Test("A credential comes before the file, but only when it is there")
    func credential() {
        let credentials = ["HOME": "/h", "CREDENTIALS_DIRECTORY": self.folder.path]
        #expect(self.place(credentials) == .file("/h/.config/steno/master.key"))
        let path = self.folder.write([], to: "steno-master-key")
        #expect(self.place(credentials) == .credential(path))
    }

    @Test("The sandbox has keys of its own, and each home knows those of the other")
    func homes() {
        let input = SettingsInput(environment: ["HOME": "/h"])
        let master = MasterKeyPlace.file("/h/.config/steno/master.key")
        #expect(RecordingVault(home: "/d", input) == RecordingVault(home: "/d", master: master, others: ["/d/sandbox"]))
        let sandbox = RecordingVault(home: "/d/sandbox", input)
        #expect(sandbox == RecordingVault(home: "/d/sandbox", master: master, others: ["/d"]))
        #expect(sandbox.keys == "/d/sandbox/keys")
    }
}
