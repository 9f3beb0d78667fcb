import GRDB

extension RowSeal {
    /// The seal of a file, by what it says of itself.
    ///
    /// - Parameters:
    ///   - part: where the file stands in the recording, for one that does not say.
    ///   - key: that of the recording, if it is at hand; else it is looked for.
    /// - Returns: a locked one when the key is not here or does not fit.
    static func of(
        _ database: Database,
        in place: RecordingPlace,
        part: Int,
        key: RecordingKey? = nil
    ) throws -> RowSeal {
        let note = try SealNote(database, name: place.id)
        guard note.isSealed else { return .none }
        if let key, key.id == note.id { return RowSeal(key, part: note.part ?? part) }
        do throws(StoreError) {
            guard let vault = place.vault else { throw StoreError(.absent(keys: "keys"), note.id) }
            return RowSeal(try vault.key(of: note.id), part: note.part ?? part)
        } catch {
            return .locked(error)
        }
    }

    /// - Throws: why nothing can be opened.
    func unlocked() throws(StoreError) -> RowSeal {
        if let trouble = self.trouble { throw trouble }
        return self
    }
}

/// What a file says about its seal; for everybody to read.
struct SealNote {
    /// The recording it was made as, wherever it lies now: its key has that name.
    let id: String
    /// Its number among the files of the recording.
    let part: Int?
    let isSealed: Bool

    /// - Throws: `newer` when it is sealed in a way that is not known here.
    init(_ database: Database, name: String) throws {
        func text(_ key: String) throws -> String? {
            try database.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.text(0) } ?? nil
        }
        self.id = try text("id") ?? name
        self.part = try RecordingInfo.number("part", in: database).map { Int(clamping: $0) }
        switch try text("seal") ?? RowSeal.unsealedName {
        case RowSeal.unsealedName: self.isSealed = false
        case RowSeal.sealedName: self.isSealed = true
        default: throw StoreError(.newer(schema: try RecordingSchema.version(of: database)), name)
        }
    }
}
