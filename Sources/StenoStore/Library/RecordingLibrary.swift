import Glibc
import StenoCore

/// The recordings of one home folder. There is no index: what is in the folder is what there is.
package struct RecordingLibrary: Sendable {
    package let home: String
    /// The keys of its recordings; `nil` when none of them is or will be sealed.
    package let vault: RecordingVault?
    let clock: @Sendable () -> Int64

    /// - Parameters:
    ///   - home: such as `~/.local/share/steno`; need not exist.
    ///   - vault: the keys of its recordings.
    ///   - clock: milliseconds since 1970.
    package init(
        home: String,
        vault: RecordingVault? = nil,
        clock: @escaping @Sendable () -> Int64 = WallClock.now
    ) {
        self.home = home
        self.vault = vault
        self.clock = clock
    }

    /// The folder that holds a folder for each recording.
    package var recordings: String { "\(self.home)/recordings" }

    private var audit: AuditLog { AuditLog(path: "\(self.home)/audit.log") }

    /// All recordings, oldest first: ids begin with the time.
    package func places() -> [RecordingPlace] {
        PrivateFiles.names(in: self.recordings).compactMap { name in
            guard let place = try? RecordingPlace(id: name, in: self.recordings, vault: self.vault), place.exists
            else { return nil }
            return place
        }
    }

    /// The recording that a person means: an id, the beginning of one, or the path of a folder or file.
    ///
    /// - Throws: `unknown`, or `ambiguous` when more than one begins like this.
    package func place(_ text: String) throws(StoreError) -> RecordingPlace {
        guard !text.contains("/") else { return try RecordingPlace(path: text, vault: self.vault) }
        let matches = text.isEmpty ? [] : self.places().filter { $0.id.hasPrefix(text) }
        if let exact = matches.first(where: { $0.id == text }) { return exact }
        guard let first = matches.first else { throw StoreError(.unknown, text) }
        guard matches.count == 1 else { throw StoreError(.ambiguous(count: matches.count), text) }
        return first
    }

    /// Removes a recording and leaves a line in the audit log.
    ///
    /// Its key goes first, and with it every copy that anybody made, deleted or not. A crash in between leaves rows that
    /// nobody can read, which are listed and can be deleted again. A copy that lies outside the library is only a copy:
    /// the key is not touched.
    ///
    /// - Throws: `inUse` while it is written. When the disk refuses, what is left stays listed and can be removed again.
    package func delete(_ place: RecordingPlace, reason: String = "asked") throws(StoreError) {
        // Held until it is gone, so that nobody begins to write it meanwhile.
        let lock = try WriterLock(place)
        defer { withExtendedLifetime(lock) {} }
        let info = try? RecordingInfo(place)
        let length = info.map { " frames=\($0.end.frames)" } ?? ""
        try self.audit.write("deleted \(place.id) reason=\(reason) user=\(getuid())\(length)", time: self.clock())
        for id in Set([place.id, info?.description.id ?? place.id]) where self.isAlone(place, as: id) {
            try self.vault?.destroyKey(of: id)
        }
        try PrivateFiles.remove(place.folder, name: place.id)
    }

    /// Whether the key `id` is that of this recording and of no other one in the library: a folder may have been renamed.
    private func isAlone(_ place: RecordingPlace, as id: String) -> Bool {
        guard place.folder == "\(self.recordings)/\(place.id)" else { return false }
        return id == place.id || (try? RecordingPlace(id: id, in: self.recordings))?.exists == false
    }
}
