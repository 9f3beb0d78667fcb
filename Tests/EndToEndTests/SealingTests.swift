import Foundation
import StenoCore
import StenoStore
import StenoTesting
import Testing

@Suite("Sealing from the command line")
struct SealingTests {
    private let program: StenoProgram
    private static let word = "Zwartkoorts-Ysbrandt"

    init() throws {
        self.program = try StenoProgram()
    }

    private var home: String { self.program.path(".local/share/steno") }
    private var master: String { self.program.path(".config/steno/master.key") }

    /// Two seconds with a word in them, sealed as the program does.
    @discardableResult
    private func record(_ id: String, isConcluded: Bool = true) throws -> RecordingPlace {
        let description = RecordingDescription(
            id: id,
            begun: 1_795_305_600_000,
            engine: "local",
            realm: "local",
            source: .microphone,
            program: "0.0.0"
        )
        let vault = RecordingVault(home: self.home, master: .file(self.master))
        let writer = try RecordingWriter(description, in: "\(self.home)/recordings", vault: vault)
        let id = Utterance.ID(connection: 1, recogniserID: "a")
        writer.keep(.utterance(Utterance(id: id, span: AudioSpan(0..<9), text: Self.word, isConfirmed: true)))
        try Signal.indexed(0..<32_000).withUnsafeBufferPointer { try writer.append($0, at: .zero) }
        if isConcluded { try writer.conclude(isComplete: true) }
        return writer.place
    }

    @Test("With its keys a sealed recording is shown, checked and exported like any other, and no file has its words")
    func withKeys() async throws {
        try self.record("one")
        #expect(
            try await self.program.run("recordings", "list").output == "one     00:02  complete, local, microphone\n"
        )
        #expect(try await self.program.run("recordings", "show", "one").output.contains("sealed     yes\n"))
        let verified = try await self.program.run("recordings", "verify")
        #expect(verified.output == "ok    one  00:02, 8 rows\n" && verified.code == 0)
        #expect(!self.program.files().values.contains { $0.contains(Self.word) })
        let path = self.program.path("one.txt")
        #expect(try await self.program.run("recordings", "export", "one", "--output", path).code == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains(Self.word))
        let sound = self.program.path("one.wav")
        #expect(try await self.program.run("recordings", "export", "one", "--output", sound).code == 0)
        #expect(try Data(contentsOf: URL(filePath: sound)).count == 44 + 64_000)
    }

    @Test("Without its key everything but sound and text is told; what needs them is 78 and says what to do")
    func withoutKey() async throws {
        try self.record("one", isConcluded: false)
        try FileManager.default.removeItem(atPath: "\(self.home)/keys/one")
        let words =
            "'one' is sealed, and its key is not in '\(self.home)/keys'. Was it deleted? Else bring the key from where it was made."
        #expect(try await self.program.run("recordings", "recover").output == "one  recovered, 00:02\n")
        let list = try await self.program.run("recordings", "list")
        #expect(list.output == "one     00:02  recovered, local, microphone, its key is not here\n" && list.code == 0)
        let line = try #require(try await self.program.run("recordings", "list", "--json").events().first)
        #expect(line.bool("sealed") == true && line.bool("key_absent") == true && line.number("duration") == 2)
        #expect(try await self.program.run("recordings", "show", "one").code == 0)
        let verified = try await self.program.run("recordings", "verify", "one")
        #expect(verified.output == "part  one  00:02, 8 rows are there and sealed\n      not opened: \(words)\n")
        #expect(verified.code == 78)
        let path = self.program.path("one.wav")
        let exported = try await self.program.run("recordings", "export", "one", "--output", path)
        #expect(exported.code == 78 && exported.output.isEmpty && exported.errors == "steno: \(words)\n")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(
        "Another master key, one that others can read, and none: each is 78 with its own words, and nothing is made anew"
    )
    func masterKey() async throws {
        try self.record("one")
        let path = self.program.path("one.wav")
        let master = try Data(contentsOf: URL(filePath: self.master))
        func export() async throws -> StenoProgram.Result {
            let result = try await self.program.run("recordings", "export", "one", "--output", path, "-vvv")
            #expect(result.code == 78 && !FileManager.default.fileExists(atPath: path))
            let digits = String(decoding: master.dropLast(), as: UTF8.self)
            #expect(!(result.errors + result.output).contains(digits))
            return result
        }
        chmod(self.master, 0o644)
        #expect(try await export().errors.contains("Others can read the master key '\(self.master)' (mode 0644)."))
        #expect(try await self.program.run("doctor").output.contains("BAD   key: Others can read the master key"))
        unlink(self.master)
        #expect(try await export().errors.contains("'\(self.master)', which is not there. Put it back from a backup."))
        #expect(try await self.program.run("live").code == 78)
        #expect(!FileManager.default.fileExists(atPath: self.master))
        _ = self.program.file(".config/steno/master.key", String(repeating: "0123", count: 16) + "\n")
        #expect(try await export().errors.contains("'one' is sealed with another master key than '\(self.master)'."))
        #expect(try await self.program.run("live").code == 78)
        #expect(try await self.program.run("doctor").output.contains("BAD   key: keys of another master key than"))
        _ = self.program.file(".config/steno/master.key", String(decoding: master, as: UTF8.self))
        #expect(try await self.program.run("recordings", "export", "one", "--output", path).code == 0)
    }

    @Test("The credential of the service manager is used before the file")
    func credential() async throws {
        try self.record("one")
        let folder = self.program.path("credentials")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: self.master, toPath: "\(folder)/steno-master-key")
        #expect(try await self.program.run("recordings", "verify").code == 78)
        let service = try StenoProgram(self.program.environment.merging(["CREDENTIALS_DIRECTORY": folder]) { $1 })
        #expect(try await service.run("recordings", "verify").code == 0)
    }

    @Test("Deleting destroys the key: a copy that was made before cannot be read any more")
    func delete() async throws {
        let place = try self.record("one")
        let copy = self.program.path("copy")
        try FileManager.default.copyItem(atPath: place.folder, toPath: copy)
        #expect(try await self.program.run("recordings", "verify", copy).code == 0)
        #expect(try await self.program.run("recordings", "delete", "one").code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(self.home)/keys").isEmpty)
        #expect(try await self.program.run("recordings", "verify", copy).code == 78)
        #expect(try await self.program.run("recordings", "show", copy).output.contains("yes, and its key is not here"))
    }

    @Test(
        "A dictation is sealed, with a master key that is made on the first run; --no-seal leaves it open, and says so"
    )
    func live() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            #expect(
                try await dictating.program.run("doctor").output.contains(
                    "note  key: no master key yet."
                )
            )
            _ = try await dictating.run(sandbox.option, "--duration", "3s")
            let listed = try await dictating.program.run("recordings", "list").output
            #expect(!listed.contains("not sealed"))
            let master = dictating.program.path(".config/steno/master.key")
            #expect(TemporaryFolder.permissions(of: master) == 0o600)
            #expect(
                !dictating.program.files().contains {
                    $0.key.contains("recording.sqlite") && $0.value.contains("Good morning")
                }
            )
            #expect(try await dictating.program.run("recordings", "verify").code == 0)
            #expect(
                try await dictating.program.run("doctor").output.contains(
                    "ok    key: '\(master)' opens"
                )
            )
            _ = try await dictating.run(sandbox.option, "--duration", "3s", "--no-seal")
            #expect(try await dictating.program.run("recordings", "list").output.contains("not sealed"))
            #expect(
                dictating.program.files().contains {
                    $0.key.contains("recording.sqlite") && $0.value.contains("Good morning")
                }
            )
        }
    }

    @Test("An exposed master key ends a dictation before it begins")
    func exposed() async throws {
        let dictating = try Dictating()
        try FileManager.default.createDirectory(
            atPath: dictating.program.path(".config/steno"),
            withIntermediateDirectories: true
        )
        _ = dictating.program.file(".config/steno/master.key", String(repeating: "0123", count: 16), mode: 0o640)
        let result = try await dictating.run("--sandbox", "--duration", "1s")
        #expect(result.code == 78 && result.errorLines.count == 1 && result.output.isEmpty)
        #expect(try await dictating.recording() == nil)
    }
}
