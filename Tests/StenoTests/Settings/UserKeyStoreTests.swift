import FoundationEssentials
import Steno
import StenoCore
import Testing

@Suite("Stored user key")
struct UserKeyStoreTests {
    @Test("It is readable by its owner only, and so is its folder")
    func isPrivate() throws {
        let fixture = try SettingsFixture()
        let store = try #require(UserKeyStore(fixture.input))
        try store.store(Secret("one"))
        try store.store(Secret("two"))
        #expect(store.path == fixture.home + "/.config/steno/juvoly-user-key")
        #expect(try String(contentsOf: URL(filePath: store.path), encoding: .utf8) == "two\n")
        #expect(try Self.mode(of: store.path) == 0o600)
        #expect(try Self.mode(of: fixture.home + "/.config/steno") == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.home + "/.config/steno")
        #expect(names == ["juvoly-user-key"])
    }

    @Test("It can be forgotten, also twice")
    func forgets() throws {
        let fixture = try SettingsFixture()
        let store = try #require(UserKeyStore(fixture.input))
        try store.store(Secret("one"))
        try store.remove()
        try store.remove()
        #expect(try fixture.load().juvoly.apiKey == nil)
    }

    @Test("A key others can read is refused, like every secret")
    func refusesExposed() throws {
        let fixture = try SettingsFixture()
        try fixture.write("canary", to: ".config/steno/juvoly-user-key", mode: 0o644)
        #expect(
            fixture.mistakes() == [
                "~/.config/steno/juvoly-user-key: others can read it (mode 0644). "
                    + "Run: chmod 600 ~/.config/steno/juvoly-user-key"
            ]
        )
    }

    @Test("Where nothing can be stored, the error names the file and not the key")
    func cannotStore() throws {
        let fixture = try SettingsFixture()
        try fixture.write("in the way", to: ".config")
        let store = try #require(UserKeyStore(fixture.input))
        let error = #expect(throws: SettingsError.self) { try store.store(Secret("canary")) }
        #expect(error?.description.contains(store.path) == true)
        #expect(error?.description.contains("canary") == false)
    }

    private static func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
