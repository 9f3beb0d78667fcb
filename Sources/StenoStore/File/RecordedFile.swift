import GRDB

/// A file that a recording refers to instead of holding its audio.
package struct RecordedFile: Hashable, Sendable {
    /// From the root.
    package var path: String
    package var bytes: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// SHA-256 of all its bytes, as hexadecimal digits.
    package var content: String

    package init(path: String, bytes: Int64, modified: Int64, content: String) {
        self.path = path
        self.bytes = bytes
        self.modified = modified
        self.content = content
    }
}

extension RecordedFile {
    private static let contentIdentity = RowIdentity.meta(key: "content")

    /// What a recording was made of. Whoever has the file could tell by it that this was the recording, so it is sealed.
    static func write(content: String, to database: Database, _ seal: RowSeal) throws {
        try database.run(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('content', ?)",
            .bytes(try seal.seal(Array(content.utf8), as: Self.contentIdentity))
        )
    }

    /// - Returns: `nil` when it was made of no file, or its key is not here.
    static func content(_ database: Database, in place: RecordingPlace) throws -> String? {
        guard let sealed = try database.first("SELECT value FROM meta WHERE key = 'content'", body: { $0.bytes(0) }),
            !sealed.isEmpty
        else { return nil }
        let seal = try RowSeal.of(database, in: place, part: 1)
        let bytes = sealed.withUnsafeBytes { seal.open($0, as: Self.contentIdentity) }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A path may tell who was recorded, so it is sealed with the rest.
    private static let identity = RowIdentity.meta(key: "reference")

    func write(to database: Database, _ seal: RowSeal) throws {
        let fields = ["\(self.bytes)", "\(self.modified)", self.content, self.path]
        try database.run(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('reference', ?)",
            .bytes(try seal.seal(Array(fields.joined(separator: "\n").utf8), as: Self.identity))
        )
    }

    /// - Returns: `nil` when there is none, or its key is not here.
    static func read(_ database: Database, in place: RecordingPlace) throws -> RecordedFile? {
        guard let sealed = try database.first("SELECT value FROM meta WHERE key = 'reference'", body: { $0.bytes(0) })
        else { return nil }
        let seal = try RowSeal.of(database, in: place, part: 1)
        guard let bytes = sealed.withUnsafeBytes({ seal.open($0, as: Self.identity) }) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 3).map(String.init)
        guard parts.count == 4, let size = Int64(parts[0]), let modified = Int64(parts[1]) else { return nil }
        return RecordedFile(path: parts[3], bytes: size, modified: modified, content: parts[2])
    }
}
