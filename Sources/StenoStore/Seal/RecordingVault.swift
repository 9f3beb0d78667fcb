import Glibc

/// The keys of the recordings of one home: the master key, and beside the recordings, never in them, the key of each,
/// wrapped.
///
/// ```
/// ~/.config/steno/master.key     0600, made on the first run
/// $STENO_HOME/keys/ID            0600, one for each sealed recording
/// ```
package struct RecordingVault: Hashable, Sendable {
    package let master: MasterKeyPlace
    /// The folder of wrapped keys.
    package let keys: String
    /// Folders of other homes whose keys are wrapped with the same master key.
    private let otherKeys: [String]

    /// - Parameters:
    ///   - home: such as `~/.local/share/steno`; need not exist.
    ///   - others: homes that share the master key. While there are keys in them, it is not made anew.
    package init(home: String, master: MasterKeyPlace, others: [String] = []) {
        self.master = master
        self.keys = "\(home)/keys"
        self.otherKeys = others.map { "\($0)/keys" }
    }

    /// Finds out whether a recording could be sealed now, and makes the master key on the first run.
    ///
    /// - Throws: what is wrong with the master key. It is never made anew while there are keys that it wrapped, and one
    ///   that wrapped none of them is refused.
    package func prepare() throws(StoreError) {
        let master = try self.masterForSealing()
        var others = 0
        // The newest first: it is most likely ours.
        for name in PrivateFiles.names(in: self.keys).reversed() where RecordingPlace.isName(name) {
            guard let file = PrivateFiles.content(of: "\(self.keys)/\(name)", limit: RecordingKey.fileLength),
                RecordingKey.isKey(file)
            else { continue }
            if RecordingKey.mark(of: file) == master.mark[...] { return }
            others += 1
        }
        if others > 0 { throw StoreError(.otherMaster(master: self.master.name), self.keys) }
    }

    /// Whether there is a key for the recording; whether it fits is not said.
    package func hasKey(of id: String) -> Bool {
        RecordingPlace.isName(id) && access(self.path(of: id), F_OK) == 0
    }

    /// - Throws: why the recording cannot be opened.
    func key(of id: String) throws(StoreError) -> RecordingKey {
        guard self.hasKey(of: id) else { throw StoreError(.absent(keys: self.keys), id) }
        let master: MasterKey
        do throws(KeyTrouble) {
            master = try self.master.read()
        } catch {
            throw StoreError(error, self.master.name)
        }
        let path = self.path(of: id)
        do throws(KeyTrouble) {
            guard let file = PrivateFiles.content(of: path, limit: RecordingKey.fileLength) else {
                throw .damaged(file: path)
            }
            return try RecordingKey(file: file, path: path, id: id, master: master, name: self.master.name)
        } catch {
            throw StoreError(error, id)
        }
    }

    /// The key of a recording that is to be made: a new one, or the one that an attempt left behind. It is on the disk
    /// when this returns.
    ///
    /// - Returns: whether it is new too; then whoever fails to make the recording takes it back.
    func makeKey(for id: String) throws(StoreError) -> (key: RecordingKey, isNew: Bool) {
        if self.hasKey(of: id) { return (try self.key(of: id), false) }
        let key = RecordingKey(for: id)
        return try self.keep(key) ? (key, true) : (try self.key(of: id), false)
    }

    /// Puts the key where it belongs, unless one is there.
    ///
    /// - Returns: whether it was put there.
    @discardableResult
    func keep(_ key: RecordingKey) throws(StoreError) -> Bool {
        guard !self.hasKey(of: key.id) else { return false }
        let file = try key.wrapped(with: self.masterForSealing())
        try PrivateFiles.makeFolder(self.keys)
        return try PrivateFiles.place(file, at: self.path(of: key.id), name: key.id)
    }

    /// Makes a recording unreadable, wherever copies of it are.
    ///
    /// - Returns: whether there was a key.
    @discardableResult
    func destroyKey(of id: String) throws(StoreError) -> Bool {
        guard RecordingPlace.isName(id) else { return false }
        // Overwriting it first would promise more than a disk of today does; it is wrapped, too.
        guard unlink(self.path(of: id)) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw StoreError(errno: errno, id, call: "unlink") }
            return false
        }
        PrivateFiles.settle(self.keys)
        return true
    }

    private func path(of id: String) -> String { "\(self.keys)/\(id)" }

    private func masterForSealing() throws(StoreError) -> MasterKey {
        do throws(KeyTrouble) {
            return try self.master.read()
        } catch {
            guard error == .masterAbsent, case .file = self.master else { throw StoreError(error, self.master.name) }
        }
        // Another program on its first run may have made both since we looked; then there is one now.
        if !self.hasAnyKey { try self.master.make() }
        do throws(KeyTrouble) {
            return try self.master.read()
        } catch {
            throw StoreError(error, self.master.name)
        }
    }

    /// Whether anything was ever wrapped with the master key.
    var hasAnyKey: Bool {
        ([self.keys] + self.otherKeys).contains { PrivateFiles.names(in: $0).contains(where: RecordingPlace.isName) }
    }
}
