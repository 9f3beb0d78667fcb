import Glibc

/// Where the master key lies.
package enum MasterKeyPlace: Hashable, Sendable {
    /// A file of the person's own, such as `~/.config/steno/master.key`. It is made when it is first needed.
    case file(String)
    /// A credential that the service manager hands over. It is never made here.
    case credential(String)
    /// There is neither.
    case nowhere

    /// The name of the credential, and what to give where there is no place for a file.
    package static let credentialName = "steno-master-key"
    package static let fileName = "master.key"

    /// How it is named in messages.
    package var name: String {
        switch self {
        case .file(let path), .credential(let path): path
        case .nowhere: "the credential \(Self.credentialName)"
        }
    }

    /// - Throws: `masterAbsent` when the file is not there, or why it is not to be used.
    func read() throws(KeyTrouble) -> MasterKey {
        switch self {
        // Services get their credentials by an access list, which shows as group permission.
        case .credential(let path): try Self.read(path, forbidden: 0o007)
        case .file(let path): try Self.read(path, forbidden: 0o077)
        case .nowhere: throw .nowhere
        }
    }

    private static func read(_ path: String, forbidden: mode_t) throws(KeyTrouble) -> MasterKey {
        // Not blocking, so that a named pipe in the place of a file cannot hold the program.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .masterAbsent : .unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .malformed }
        guard status.st_mode & forbidden == 0 else { throw .exposed(mode: UInt32(status.st_mode & 0o777)) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .foreignOwner }
        var bytes = [UInt8](repeating: 0, count: 128)
        defer { bytes.erase() }
        let count = PrivateFiles.read(descriptor, into: &bytes)
        guard count >= 0 else { throw .unreadable(errno) }
        var file = Array(bytes[..<count])
        defer { file.erase() }
        guard let key = MasterKey(file: file) else { throw .malformed }
        return key
    }

    /// Makes the file, unless somebody else just did. What is there afterwards counts.
    func make() throws(StoreError) {
        guard case .file(let path) = self else { return }
        let folder = PrivateFiles.folder(of: path)
        try PrivateFiles.makeFolder(folder)
        var file = MasterKey.newFile()
        defer { file.erase() }
        _ = try PrivateFiles.place(file, at: path, name: path)
    }
}
