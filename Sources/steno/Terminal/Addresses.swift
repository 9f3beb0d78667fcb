import Glibc
import Steno

/// How much of the address space the process takes, and how much it must be allowed.
///
/// glibc gives nearly every thread a heap of its own, and reserves 64 MB of addresses for each: seven threads of a
/// dictation took 450 MB of addresses for 2 MB of content, and where addresses are limited (`ulimit -v`, `LimitAS=`)
/// the next thread or the next byte was refused. Two heaps are enough for threads that rarely allocate at once.
enum Addresses {
    /// `M_ARENA_MAX` of `malloc.h`, which the module map of the C library leaves out together with `mallopt`.
    private static let heapLimit: (parameter: Int32, value: Int32) = (-8, 2)
    /// A dictation with a service takes 290 MB, a debug build included, and 128 MB more for the moment in which the
    /// second heap is made.
    private static let needed: rlim_t = 448_000_000
    private static let megabyte: rlim_t = 1_000_000

    /// Bounds what the process takes.
    ///
    /// - Throws: when even that is not allowed. Nobody can go on from a thread that cannot be started, or memory that
    ///   is refused, in the middle of a dictation.
    static func secure() throws {
        self.boundHeaps()
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < Self.needed else {
            return
        }
        throw Failure(
            .configuration,
            "Only \(limit.rlim_cur / Self.megabyte) MB of addresses may be used, and \(Self.needed / Self.megabyte) MB "
                + "are needed. Raise the limit, as with 'ulimit -v unlimited' or LimitAS=infinity."
        )
    }

    /// Before there are threads: a heap that was made stays.
    private static func boundHeaps() {
        // Another C library has no such call, and no such heaps.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        typealias Call = @convention(c) (Int32, Int32) -> Int32
        _ = unsafeBitCast(symbol, to: Call.self)(Self.heapLimit.parameter, Self.heapLimit.value)
    }
}
