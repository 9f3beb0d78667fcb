import Crypto
import Glibc
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording vault")
struct RecordingVaultTests {
    private let fixture = RecordingFixture()
    private var vault: RecordingVault { self.fixture.vault }
    private var master: String { self.fixture.masterFile }

    @Test("A key lies wrapped in a folder of its own, for its owner only, and says nothing of itself")
    func files() throws {
        let (key, isNew) = try self.vault.makeKey(for: "one")
        #expect(isNew)
        #expect(TemporaryFolder.permissions(of: self.fixture.keys) == 0o700)
        #expect(TemporaryFolder.permissions(of: "\(self.fixture.keys)/one") == 0o600)
        #expect(TemporaryFolder.names(in: self.fixture.keys) == ["one"])
        let file = self.fixture.folder.read("keys/one")
        #expect(file.count == RecordingKey.fileLength)
        let bytes = key.key.withUnsafeBytes { Array($0) }
        #expect(!file.contains(bytes))
        #expect(try self.vault.key(of: "one").key == key.key)
        let again = try self.vault.makeKey(for: "one")
        #expect(!again.isNew && again.key.key == key.key)
    }

    @Test("Each recording has its own key, and one that was put in the place of another is refused")
    func binding() throws {
        let first = try self.vault.makeKey(for: "one").key
        let second = try self.vault.makeKey(for: "two").key
        #expect(first.key != second.key)
        rename("\(self.fixture.keys)/two", "\(self.fixture.keys)/one")
        #expect(throws: StoreError(.damaged(file: "\(self.fixture.keys)/one"), "one")) { try self.vault.key(of: "one") }
        #expect(throws: StoreError(.absent(keys: self.fixture.keys), "two")) { try self.vault.key(of: "two") }
    }

    @Test("Another master key is told from a damaged file, and neither is ever replaced")
    func otherMaster() throws {
        _ = try self.vault.makeKey(for: "one")
        let before = self.fixture.folder.read("keys/one")
        try self.fixture.changeMaster()
        #expect(throws: StoreError(.otherMaster(master: self.master), "one")) { try self.vault.key(of: "one") }
        #expect(throws: StoreError(.otherMaster(master: self.master), "one")) { try self.vault.makeKey(for: "one") }
        #expect(throws: StoreError(.otherMaster(master: self.master), self.fixture.keys)) { try self.vault.prepare() }
        #expect(self.fixture.folder.read("keys/one") == before)
        let damaged: [[UInt8]] = [
            [], [1], before.dropLast(), before + [1], before.reversed(), [9] + before.dropFirst(),
        ]
        for bytes in damaged {
            _ = self.fixture.folder.write(bytes, to: "keys/one")
            let error = #expect(throws: StoreError.self) { try self.vault.key(of: "one") }
            #expect(error?.code == .sealed || error?.code == .wrongKey)
        }
    }

    @Test("A foreign key among its own does not keep the machine from recording")
    func foreignKey() throws {
        _ = try self.vault.makeKey(for: "b-foreign")
        try self.fixture.changeMaster()
        #expect(throws: StoreError.self) { try self.vault.prepare() }
        _ = try self.vault.makeKey(for: "a-own")
        try self.vault.prepare()
    }

    @Test("While there are keys in this home or the sandbox's, a missing master key is never made anew")
    func neverAnew() throws {
        let sandbox = RecordingVault(
            home: self.fixture.folder.path("sandbox"),
            master: .file(self.master),
            others: [self.fixture.folder.path]
        )
        let real = RecordingVault(
            home: self.fixture.folder.path,
            master: .file(self.master),
            others: [self.fixture.folder.path("sandbox")]
        )
        _ = try sandbox.makeKey(for: "one")
        unlink(self.master)
        for vault in [real, sandbox] {
            #expect(throws: StoreError(.masterAbsent, self.master)) { try vault.prepare() }
            #expect(throws: StoreError(.masterAbsent, self.master)) { try vault.makeKey(for: "two") }
        }
        #expect(access(self.master, F_OK) != 0)
        #expect(try sandbox.destroyKey(of: "one"))
        try real.prepare()
        #expect(TemporaryFolder.permissions(of: self.master) == 0o600)
    }

    @Test("Names that lead elsewhere have no key and destroy none")
    func names() throws {
        _ = self.fixture.folder.write([1], to: "victim")
        for name in ["../victim", "", ".", "..", ".hidden"] {
            #expect(!self.vault.hasKey(of: name))
            #expect(try !self.vault.destroyKey(of: name))
            #expect(throws: StoreError.self) { try self.vault.key(of: name) }
        }
        #expect(self.fixture.folder.read("victim") == [1])
    }

    @Test("A credential is used as it is and never made")
    func credential() throws {
        let path = self.fixture.folder.path("steno-master-key")
        let vault = RecordingVault(home: self.fixture.folder.path, master: .credential(path))
        #expect(throws: StoreError(.masterAbsent, path)) { try vault.prepare() }
        _ = self.fixture.folder.write(MasterKey.newFile(), to: "steno-master-key")
        chmod(path, 0o400)
        let key = try vault.makeKey(for: "one").key
        #expect(try vault.key(of: "one").key == key.key)
        let homeless = RecordingVault(home: self.fixture.folder.path, master: .nowhere)
        #expect(throws: StoreError(.nowhere, "the credential steno-master-key")) { try homeless.makeKey(for: "two") }
    }
}

extension [UInt8] {
    /// Whether these bytes stand in it one after another.
    func contains(_ bytes: [UInt8]) -> Bool {
        self.withUnsafeBytes { all in
            bytes.withUnsafeBytes { part in
                guard let needle = part.baseAddress else { return true }
                var rest = all[...]
                // Byte by byte takes seconds in a debug build.
                while rest.count >= part.count, let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    let found = memchr(start, Int32(part[0]), rest.count - part.count + 1)
                {
                    if memcmp(found, needle, part.count) == 0 { return true }
                    rest = rest.dropFirst(UnsafeRawPointer(found) - start + 1)
                }
                return false
            }
        }
    }
}
