import Glibc
package import StenoCore

/// Where the user's own Juvoly key lies: `juvoly-user-key` in the configuration folder, readable by its owner only. The
/// master key and the password it was bought with are never stored.
package struct UserKeyStore: Sendable {
    package let path: String
    private let folder: String

    /// `nil` if the person has neither a home nor a configuration folder.
    package init?(_ input: SettingsInput) {
        guard let folder = input.configurationFolder else { return nil }
        self.init(folder: folder)
    }

    package init(folder: String) {
        self.folder = folder
        self.path = SettingsInput.joined(folder, "juvoly-user-key")
    }

    /// Replaces the stored key at once: there is never half a key.
    /// - Throws: which file, and why.
    package func store(_ key: Secret) throws(SettingsError) {
        if let number = PrivateFolder.make(self.folder) { throw self.error(number) }
        let temporary = "\(self.path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw self.error(errno) }
        let bytes = key.reveal { Array("\($0)\n".utf8) }
        var result: CInt = 0
        if write(descriptor, bytes, bytes.count) != bytes.count || fsync(descriptor) != 0 { result = errno }
        if close(descriptor) != 0, result == 0 { result = errno }
        if result == 0, rename(temporary, self.path) != 0 { result = errno }
        guard result == 0 else {
            unlink(temporary)
            throw self.error(result)
        }
    }

    /// Forgets the stored key. Nothing stored is no error.
    package func remove() throws(SettingsError) {
        guard unlink(self.path) == 0 || errno == ENOENT else { throw self.error(errno) }
    }

    private func error(_ number: CInt) -> SettingsError {
        let reason =
            switch number {
            case ENOSPC, EDQUOT: "the disk is full"
            case EACCES, EPERM: "no permission"
            case EROFS: "the disk is read-only"
            default: "error \(number)"
            }
        return SettingsError("\(self.path): the key cannot be stored (\(reason)).")
    }
}
