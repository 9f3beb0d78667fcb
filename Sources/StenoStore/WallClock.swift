import Glibc

/// The wall clock, which only shows and dates; nothing is ordered by it.
package enum WallClock {
    /// The beginning of 2026, in milliseconds since 1970: what is dated before was dated by a machine that did not know
    /// the time yet.
    package static let oldest: Int64 = 1_767_225_600_000

    /// Milliseconds since 1970.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A time in milliseconds since 1970 as `2026-11-22T00:41:00Z`.
    package static func text(of time: Int64) -> String {
        var seconds = time_t(time / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let fields = [
            parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(fields[0..<3].joined(separator: "-"))T\(fields[3..<6].joined(separator: ":"))Z"
    }
}
