import Glibc
import Testing

@testable import StenoEngine

@Suite("Engine files")
struct EngineFilesTests {
    let folder = EngineFolder()

    private func refusal() -> EngineError? {
        do {
            _ = try EngineFiles.locate(in: self.folder.path)
            return nil
        } catch {
            return error
        }
    }

    @Test("Files that are as their manifest says are found")
    func found() throws {
        #expect(try EngineFiles.locate(in: self.folder.path).folder == self.folder.path)
    }

    @Test("A folder that is not there has no engine")
    func noFolder() {
        #expect(throws: EngineError(.notInstalled, path: "/nowhere/engine")) {
            try EngineFiles.locate(in: "/nowhere/engine")
        }
    }

    @Test("A folder without a manifest has no engine: setup writes it last")
    func noManifest() {
        self.folder.remove(EngineManifest.name)
        #expect(self.refusal()?.code == .notInstalled)
    }

    @Test("A file that is missing, longer, or changed later is refused by name", arguments: EnginePins.sums.keys)
    func different(name: String) {
        self.folder.touch(name)
        #expect(self.refusal() == EngineError(.different, path: self.folder.file(name)))
        self.folder.write("a different length", to: name)
        #expect(self.refusal() == EngineError(.different, path: self.folder.file(name)))
        self.folder.remove(name)
        #expect(self.refusal() == EngineError(.different, path: self.folder.file(name)))
    }

    @Test("An engine that another version of steno installed is refused")
    func anotherVersion() {
        var sums = EnginePins.sums
        sums[EnginePins.encoder] = String(repeating: "0", count: 64)
        self.folder.writeManifest(sums: sums)
        #expect(self.refusal() == EngineError(.different, path: self.folder.file(EnginePins.encoder)))
    }

    @Test("A manifest that lists fewer files than are loaded is refused")
    func incompleteManifest() {
        var sums = EnginePins.sums
        sums[EnginePins.tokens] = nil
        self.folder.writeManifest(sums: sums)
        #expect(self.refusal() == EngineError(.different, path: self.folder.file(EnginePins.tokens)))
    }

    @Test("A manifest that is empty or garbage is refused", arguments: ["", "\n", "garbage", "a b c d\n", "🐕 1 1"])
    func garbage(text: String) {
        self.folder.write(text, to: EngineManifest.name)
        #expect(self.refusal()?.code == .different)
    }

    @Test("What another user can change is not loaded")
    func writable() {
        chmod(self.folder.file(EnginePins.library), 0o622)
        #expect(self.refusal() == EngineError(.writableByOthers, path: self.folder.file(EnginePins.library)))
        chmod(self.folder.path, 0o777)
        #expect(self.refusal() == EngineError(.writableByOthers, path: self.folder.path))
    }

    @Test("A library that is none is an error and not a crash")
    func refused() throws {
        let files = try EngineFiles.locate(in: self.folder.path)
        let error = #expect(throws: EngineError.self) { try EngineModel(files: files) }
        #expect(error?.code == .refused)
        #expect(error?.path == self.folder.path)
        #expect(error?.cause?.hasPrefix("run-time: ") == true)
    }

    @Test(
        "The folder follows STENO_HOME, then XDG_DATA_HOME, then HOME",
        arguments: [
            (["STENO_HOME": "/s", "XDG_DATA_HOME": "/x", "HOME": "/h"], "/s/engine"),
            (["STENO_HOME": "", "XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/steno/engine"),
            (["XDG_DATA_HOME": "relative", "HOME": "/h"], "/h/.local/share/steno/engine"),
            ([:], nil),
        ] as [([String: String], String?)]
    )
    func defaultFolder(environment: [String: String], expected: String?) {
        #expect(EngineFiles.defaultFolder { environment[$0] } == expected)
    }

    @Test("scripts/setup installs the very files that are pinned here")
    func samePins() {
        let setup = String(decoding: Repository.read("scripts/setup"), as: UTF8.self)
        for (name, sum) in EnginePins.sums where name != EnginePins.tokens {
            #expect(setup.contains("\"\(sum) \(name)\""))
        }
        #expect(setup.contains("tokens_sum=\"\(EnginePins.sums[EnginePins.tokens] ?? "")\""))
    }
}
