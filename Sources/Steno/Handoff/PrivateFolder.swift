import Glibc
import StenoAudio

/// Folders that only their owner can look into: what lies in them may be about a patient.
enum PrivateFolder {
    /// Makes `path` and what is missing above it, with mode 0700.
    static func make(_ path: String) throws(AudioError) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            guard mkdir(prefix, 0o700) == 0 || errno == EEXIST else {
                throw AudioError(.storage(folder: path), path: path, cause: "mkdir: \(errno)")
            }
        }
    }
}
