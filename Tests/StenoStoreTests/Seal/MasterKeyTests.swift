import Glibc
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Master key")
struct MasterKeyTests {
    private let folder = TemporaryFolder()
    private var path: String { self.folder.path("config/steno/master.key") }
    private static let digits = String(repeating: "0123456789abcdef", count: 4)

    /// Why the file is not to be used; `nil` when it is.
    private func trouble(_ place: MasterKeyPlace) -> KeyTrouble? {
        do throws(KeyTrouble) {
            _ = try place.read()
            return nil
        } catch {
            return error
        }
    }

    private func write(_ text: String, mode: mode_t = 0o600) -> MasterKeyPlace {
        let path = self.folder.write(Array(text.utf8), to: "key")
        chmod(path, mode)
        return .file(path)
    }

    @Test("It is made with folders that nobody else can look into, whatever the umask, and reads as the same")
    func make() throws {
        let place = MasterKeyPlace.file(self.path)
        #expect(self.trouble(place) == .masterAbsent)
        try place.make()
        #expect(TemporaryFolder.permissions(of: self.path) == 0o600)
        #expect(TemporaryFolder.permissions(of: self.folder.path("config/steno")) == 0o700)
        #expect(self.folder.read("config/steno/master.key").count == 65)
        #expect(TemporaryFolder.names(in: self.folder.path("config/steno")) == ["master.key"])
        let key = try place.read()
        try place.make()
        #expect(try place.read().mark == key.mark)
    }

    @Test("Digits of either case, white space at the end and plain bytes are the same key")
    func forms() throws {
        let key = try #require(MasterKey(file: Array(Self.digits.utf8)))
        for text in ["\(Self.digits)\n", "\(Self.digits.uppercased())\r\n", "\(Self.digits) \n\n"] {
            #expect(MasterKey(file: Array(text.utf8))?.mark == key.mark)
        }
        let bytes: [UInt8] = (0..<4).flatMap { _ in [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF] }
        #expect(MasterKey(file: bytes)?.mark == key.mark)
    }

    @Test("What is no key is refused")
    func malformed() {
        let files: [[UInt8]] = [
            [], Array("\n".utf8), Array(Self.digits.utf8.dropLast()), Array("\(Self.digits)0".utf8),
            Array(" \(Self.digits)".utf8), Array("\(Self.digits.dropLast())g".utf8), [UInt8](repeating: 0, count: 32),
            [UInt8](repeating: UInt8(ascii: "0"), count: 64), [UInt8](repeating: 0, count: 65),
        ]
        for file in files { #expect(MasterKey(file: file) == nil) }
        #expect(self.trouble(self.write(String(repeating: "a", count: 100_000))) == .malformed)
        #expect(self.trouble(.file(self.folder.path)) == .malformed)
        mkfifo(self.folder.path("pipe"), 0o600)
        #expect(self.trouble(.file(self.folder.path("pipe"))) == .malformed)
    }

    @Test("A file that others can read is refused; a credential may be readable by an access list")
    func exposed() {
        for mode: mode_t in [0o644, 0o640, 0o604, 0o660] {
            #expect(self.trouble(self.write(Self.digits, mode: mode)) == .exposed(mode: UInt32(mode)))
        }
        guard case .file(let path) = self.write(Self.digits, mode: 0o440) else { return }
        #expect(self.trouble(.credential(path)) == nil)
        chmod(path, 0o444)
        #expect(self.trouble(.credential(path)) == .exposed(mode: 0o444))
        #expect(self.trouble(.nowhere) == .nowhere)
    }

    @Test("Many first runs at once agree on one key")
    func firstRuns() async throws {
        for _ in 0..<5 {
            let folder = TemporaryFolder()
            let vault = RecordingVault(home: folder.path("home"), master: .file(folder.path("c/master.key")))
            let places = try await withThrowingTaskGroup(of: RecordingPlace.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try vault.prepare()
                        _ = try vault.makeKey(for: "r-\(number)")
                        return try RecordingPlace(id: "r-\(number)", in: folder.path("home"), vault: vault)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for place in places { #expect(try vault.key(of: place.id).id == place.id) }
            #expect(TemporaryFolder.names(in: folder.path("c")) == ["master.key"])
            #expect(TemporaryFolder.names(in: vault.keys).count == 8)
        }
    }

    @Test("No key can be printed")
    func printed() throws {
        try MasterKeyPlace.file(self.path).make()
        let master = try MasterKeyPlace.file(self.path).read()
        let key = RecordingKey(for: "one")
        for text in ["\(master)", String(reflecting: master), "\(key)", String(reflecting: key)] {
            #expect(text == "‹redacted›" || text.hasSuffix("(‹redacted›)"), "\(text)")
        }
        var dumped = ""
        dump(master, to: &dumped)
        dump(key, to: &dumped)
        #expect(!dumped.contains("wrapping") && !dumped.contains("key:"))
    }
}
