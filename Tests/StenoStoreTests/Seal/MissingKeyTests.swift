import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Sealed recording without its key")
struct MissingKeyTests {
    private let fixture = RecordingFixture()

    @Test("All but text and sound can be told; those are refused in words")
    func absent() throws {
        let place = try self.fixture.sealed()
        let before = try RecordingInfo(place)
        unlink("\(self.fixture.keys)/\(place.id)")
        var info = try RecordingInfo(place)
        #expect(info.isSealed && info.isKeyAbsent)
        info.isKeyAbsent = false
        #expect(info == before)
        #expect(throws: StoreError(.absent(keys: self.fixture.keys), place.id)) { try RecordingReader(place) }
        let verification = try RecordingVerification(place)
        #expect(verification.trouble == StoreError(.absent(keys: self.fixture.keys), place.id))
        #expect(verification.isSound && verification.lockedRows == 10 && verification.soundRows == 0)
        #expect(verification.end.frames == 40_000)
    }

    @Test("What can be checked without it still is: rows that are gone, sums, the database itself")
    func verification() throws {
        let place = try self.fixture.sealed()
        unlink("\(self.fixture.keys)/\(place.id)")
        try self.fixture.change(place, "DELETE FROM audio WHERE position = 8000")
        try self.fixture.change(place, "UPDATE audio SET frames = 5000 WHERE position = 16000")
        let verification = try RecordingVerification(place)
        #expect(verification.holes.spans == [AudioSpan(8_000..<12_000)])
        #expect(verification.damaged.spans == [AudioSpan(16_000..<20_000)])
        #expect(verification.lockedRows == 8)
    }

    @Test("A crashed recording is recovered without it, and is whole when the key is back")
    func recovery() throws {
        var writer: RecordingWriter? = try self.fixture.sealedWriter()
        let place = try #require(writer?.place)
        if let writer { self.fixture.speak(into: writer) }
        try writer?.append(Signal.indexed(0..<8_000), at: .zero)
        writer = nil
        let key = self.fixture.folder.read("keys/\(place.id)")
        unlink("\(self.fixture.keys)/\(place.id)")
        let keyless = try RecordingPlace(path: place.folder)
        #expect(try self.fixture.library.recover(keyless).isRecovered)
        _ = self.fixture.folder.write(key, to: "keys/\(place.id)")
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<8_000))
        #expect(try RecordingReader(place).utterances() == RecordingFixture.spoken)
    }

    @Test("Another master key refuses and changes nothing; the right one opens it again")
    func wrongMaster() throws {
        let place = try self.fixture.sealed()
        let (key, recording) = (
            self.fixture.folder.read("keys/\(place.id)"), self.fixture.folder.read("config/master.key")
        )
        try self.fixture.changeMaster()
        let refusal = StoreError(.otherMaster(master: self.fixture.masterFile), place.id)
        #expect(throws: refusal) { try RecordingReader(place) }
        #expect(refusal.code == .wrongKey)
        #expect(try RecordingVerification(place).trouble == refusal)
        #expect(throws: StoreError.self) { try self.fixture.vault.prepare() }
        #expect(self.fixture.folder.read("keys/\(place.id)") == key)
        _ = self.fixture.folder.write(recording, to: "config/master.key")
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<40_000))
    }

    @Test("A missing or exposed master key is told, and no new recording is sealed with another")
    func missingMaster() throws {
        let place = try self.fixture.sealed()
        chmod(self.fixture.masterFile, 0o644)
        let exposed = StoreError(.exposed(mode: 0o644), self.fixture.masterFile)
        #expect(throws: exposed) { try RecordingReader(place) }
        #expect(throws: exposed) { try self.fixture.sealedWriter("new") }
        unlink(self.fixture.masterFile)
        let missing = StoreError(.masterAbsent, self.fixture.masterFile)
        #expect(throws: missing) { try RecordingReader(place) }
        #expect(throws: missing) { try self.fixture.sealedWriter("new") }
        #expect(self.fixture.library.places() == [place])
        #expect(try RecordingInfo(place).end.frames == 40_000)
    }

    @Test(
        "A copy with another name finds its key, and one that was brought to another machine with its keys opens there"
    )
    func copies() throws {
        let place = try self.fixture.sealed()
        let copy = try self.fixture.sealedCopy(place, to: "visit of monday")
        #expect(try RecordingReader(copy).utterances() == RecordingFixture.spoken)
        let machine = TemporaryFolder()
        let vault = RecordingVault(home: machine.path, master: .file(machine.path("master.key")))
        let brought = try RecordingPlace(path: copy.folder, vault: vault)
        #expect(throws: StoreError(.absent(keys: vault.keys), place.id)) { try RecordingReader(brought) }
        try PrivateFiles.makeFolder(vault.keys)
        _ = machine.write(self.fixture.folder.read("keys/\(place.id)"), to: "keys/\(place.id)")
        #expect(throws: StoreError(.masterAbsent, machine.path("master.key"))) { try RecordingReader(brought) }
        chmod(machine.write(self.fixture.folder.read("config/master.key"), to: "master.key"), 0o600)
        #expect(try RecordingReader(brought).allSamples() == Signal.indexed(0..<40_000))
    }

    @Test("Deleting destroys the key, so that no copy can be read; a copy that is deleted takes nothing with it")
    func delete() throws {
        let place = try self.fixture.sealed()
        let copies = try (0..<2).map { try self.fixture.sealedCopy(place, to: "copy-\($0)") }
        try self.fixture.library.delete(copies[0])
        #expect(try RecordingReader(copies[1]).allSamples() == Signal.indexed(0..<40_000))
        try self.fixture.library.delete(place)
        #expect(TemporaryFolder.names(in: self.fixture.keys) == [] && !place.exists)
        #expect(throws: StoreError(.absent(keys: self.fixture.keys), place.id)) { try RecordingReader(copies[1]) }
        #expect(String(decoding: self.fixture.folder.read("audit.log"), as: UTF8.self).contains("deleted \(place.id) "))
    }

    @Test("Deleted halfway by a crash, it is listed, cannot be read, and can be deleted again")
    func halfDeleted() throws {
        let place = try self.fixture.sealed()
        #expect(try self.fixture.vault.destroyKey(of: place.id))
        #expect(self.fixture.library.places() == [place])
        #expect(try RecordingInfo(place).isKeyAbsent)
        #expect(throws: StoreError.self) { try RecordingReader(place) }
        try self.fixture.library.delete(place)
        #expect(self.fixture.library.places() == [])
    }

    @Test(
        "A folder that was renamed is deleted with the key it was made with, but never with that of another recording"
    )
    func renamed() throws {
        let (first, second) = (try self.fixture.sealed("one"), try self.fixture.sealed("two"))
        rename(first.folder, "\(self.fixture.recordings)/renamed")
        try self.fixture.library.delete(try self.fixture.library.place("renamed"))
        #expect(TemporaryFolder.names(in: self.fixture.keys) == ["two"])
        let copy = try self.fixture.copy(second, to: "two")
        rename(copy.folder, "\(self.fixture.recordings)/claims-to-be-two")
        try self.fixture.library.delete(try self.fixture.library.place("claims"))
        #expect(TemporaryFolder.names(in: self.fixture.keys) == ["two"])
    }

    @Test("A recording that cannot be made leaves no key, and a key that vanished while it was written is put back")
    func leftovers() throws {
        let place = try self.fixture.recorded(frames: 10)
        #expect(throws: StoreError(.exists, place.id)) { try self.fixture.sealedWriter() }
        #expect(TemporaryFolder.names(in: self.fixture.keys) == [])
        let writer = try self.fixture.sealedWriter("new")
        try writer.append(Signal.indexed(0..<8_000), at: .zero)
        try PrivateFiles.remove(self.fixture.keys, name: "it")
        try writer.append(Signal.indexed(8_000..<12_000), at: .init(frames: 8_000))
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<12_000))
    }

    @Test("Keys that vanish while a recording is written keep nobody in this program from replaying it, on any file")
    func replay() throws {
        let writer = try self.fixture.sealedWriter()
        try writer.append(Signal.indexed(0..<8_000), at: .zero)
        try PrivateFiles.remove(self.fixture.keys, name: "it")
        #expect(try writer.samples(0..<8_000) == Signal.indexed(0..<8_000))
        // From here on it lies in another file.
        rename(writer.place.file(part: 1), writer.place.file(part: 1) + ".gone")
        try writer.append(Signal.indexed(8_000..<16_000), at: .init(frames: 8_000))
        #expect(try writer.parts == 2 && writer.samples(8_000..<16_000) == Signal.indexed(8_000..<16_000))
        try writer.finish()
        #expect(try writer.samples(8_000..<16_000) == Signal.indexed(8_000..<16_000))
    }

    @Test("A recording that is taken up again can be replayed without its keys as well")
    func replayAgain() throws {
        let place = try self.fixture.sealed(frames: 8_000)
        let writer = try RecordingWriter(resuming: place)
        try PrivateFiles.remove(self.fixture.keys, name: "it")
        #expect(try writer.samples(0..<8_000) == Signal.indexed(0..<8_000))
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<8_000))
    }
}
