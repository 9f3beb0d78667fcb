import Glibc
import Steno

/// How many files and sockets the process may have open.
enum OpenFiles {
    /// A dictation with everything that can be asked for has less than forty.
    private static let needed: rlim_t = 64
    /// What a process usually may. More would only make it slower to start others.
    private static let usual: rlim_t = 1_024

    /// Raises a limit that is needlessly low.
    ///
    /// - Throws: when it stays too low. A service that could not be called, or a disk that took nothing more, in the
    ///   middle of a dictation would be worse than not to begin.
    static func secure() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < Self.usual else {
            return
        }
        limit.rlim_cur = min(limit.rlim_max, Self.usual)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < Self.needed else { return }
        throw Failure(
            .configuration,
            "Only \(limit.rlim_cur) files may be open at a time, and \(Self.needed) are needed. "
                + "Raise the limit, as with 'ulimit -n \(Self.usual)' or LimitNOFILE=."
        )
    }
}
