import Glibc

/// Where one recording lies: a folder with one SQLite file.
///
/// ```
/// ID/recording.sqlite      the recording
/// ID/writer                while it is written: who writes it
/// ID/reserve               while it is written: space for a full disk
/// ID/complete              everything is done
/// ID/deliveries            something is left to be delivered
/// ID/delivering-TARGET     while it is handed over to TARGET: who does
/// ID/2/recording.sqlite    goes on here when the disk refused the first file; then ID/3, …
/// ```
package struct RecordingPlace: Hashable, Sendable {
    /// The most files that one recording may continue in. A disk that fails so often is no place for a recording.
    static let partLimit = 16

    package let id: String
    /// The folder `ID`.
    package let folder: String
    /// The keys that it may be sealed with; without them only what is not sealed can be read and made.
    package let vault: RecordingVault?

    /// A recording of the library in `recordings`.
    ///
    /// - Throws: when `id` cannot be the name of a folder in it, such as `../x`.
    package init(id: String, in recordings: String, vault: RecordingVault? = nil) throws(StoreError) {
        guard Self.isName(id) else { throw StoreError(.unknown, id) }
        self.id = id
        self.folder = "\(recordings)/\(id)"
        self.vault = vault
    }

    /// A recording that lies anywhere, such as a copy: its folder, or the file itself.
    package init(path: String, vault: RecordingVault? = nil) throws(StoreError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        if parts.last == "recording.sqlite" { parts.removeLast() }
        let prefix = path.hasPrefix("/") ? "/" : ""
        self.folder = parts.isEmpty ? "." : prefix + parts.joined(separator: "/")
        self.id = parts.last.map(String.init) ?? "."
        self.vault = vault
        guard self.exists else { throw StoreError(.unknown, path) }
    }

    /// Part 1 is the recording; later ones continue it.
    func file(part: Int) -> String { "\(self.folder(part: part))/recording.sqlite" }

    func folder(part: Int) -> String { part <= 1 ? self.folder : "\(self.folder)/\(part)" }

    var lock: String { "\(self.folder)/writer" }

    /// Space that is kept for a full disk while the recording is written.
    var reserve: String { "\(self.folder)/reserve" }

    /// Whether any file of it is there; a part that was lost does not take the others with it.
    package var exists: Bool { !self.files.isEmpty }

    func has(part: Int) -> Bool { access(self.file(part: part), F_OK) == 0 }

    /// The last file has something beside it that SQLite made: it is being written, or was left so.
    var hasCompanions: Bool {
        guard let file = self.files.last else { return false }
        return ["-wal", "-journal"].contains { access(file + $0, F_OK) == 0 }
    }

    /// The files that are there, in order.
    var files: [String] { self.numberedFiles.map(\.path) }

    /// The files that are there, in order, with the number of each.
    var numberedFiles: [(part: Int, path: String)] {
        (1...Self.partLimit).filter { self.has(part: $0) }.map { ($0, self.file(part: $0)) }
    }

    /// What the audit log, a shell and a file system take as one word, and nothing that leads out of a folder.
    static func isName(_ id: String) -> Bool {
        (1...100).contains(id.utf8.count) && !id.hasPrefix(".")
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
