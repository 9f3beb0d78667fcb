import GRDB
import StenoCore
import StenoTesting

@testable import StenoStore

/// The same folder, with keys.
extension RecordingFixture {
    static let id = "20261122-004100-abcdefgh"
    /// A word that is nowhere else, and that no compression or accident makes.
    static let canary = "Zwartkoorts-Ysbrandt"

    var masterFile: String { self.folder.path("config/master.key") }
    var keys: String { self.folder.path("keys") }
    var vault: RecordingVault { RecordingVault(home: self.folder.path, master: .file(self.masterFile)) }

    var library: RecordingLibrary {
        RecordingLibrary(home: self.folder.path, vault: self.vault) { Self.begun + 100_000 }
    }

    func sealedWriter(_ id: String = RecordingFixture.id) throws -> RecordingWriter {
        try RecordingWriter(self.description(id), in: self.recordings, vault: self.vault) { Self.begun + 60_000 }
    }

    /// Sealed, with sound, text and information.
    @discardableResult
    func sealed(_ id: String = RecordingFixture.id, frames: Int64 = 40_000) throws -> RecordingPlace {
        let writer = try self.sealedWriter(id)
        self.speak(into: writer)
        try writer.append(Signal.indexed(0..<frames), at: .zero)
        try writer.conclude(isComplete: true)
        return writer.place
    }

    static let spoken: [Utterance] = (0..<3).map { number in
        Utterance(
            id: .init(connection: 1, recogniserID: "u\(number)"),
            span: AudioSpan(Int64(number) * 8_000..<Int64(number) * 8_000 + 6_000),
            text: "\(RecordingFixture.canary) \(number)",
            words: [
                Word(
                    text: RecordingFixture.canary,
                    span: AudioSpan(Int64(number) * 8_000..<Int64(number) * 8_000 + 3_000)
                )
            ],
            isConfirmed: true
        )
    }

    static let learned = Information(codings: [.init(system: "icpc", code: "R05", description: RecordingFixture.canary)]
    )

    func speak(into writer: RecordingWriter) {
        for utterance in Self.spoken { writer.keep(.utterance(utterance)) }
        writer.keep(.information(Self.learned))
    }

    /// Copies the files as a crash or a backup would leave them. The keys are those of this machine.
    func sealedCopy(_ place: RecordingPlace, to name: String) throws -> RecordingPlace {
        try RecordingPlace(path: self.copy(place, to: name).folder, vault: self.vault)
    }

    /// Takes the master key away and lets another be made.
    func changeMaster() throws {
        try PrivateFiles.remove(self.masterFile, name: "it")
        try MasterKeyPlace.file(self.masterFile).make()
    }
}
