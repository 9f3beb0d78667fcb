import Glibc

/// Folders that only their owner can look into: what lies in them may be about a patient, or a key.
enum PrivateFolder {
    /// Makes `path` and what is missing above it, with mode 0700.
    ///
    /// - Returns: the error number of what could not be made; `nil` when the folder is there.
    static func make(_ path: String) -> CInt? {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            guard mkdir(prefix, 0o700) == 0 || errno == EEXIST else { return errno }
        }
        return nil
    }
}
