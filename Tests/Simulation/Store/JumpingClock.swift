import StenoCore
import Synchronization

/// A wall clock that somebody sets, forward and back by minutes and by years, and that may begin in 1970 after a cold
/// start. Nothing that was said may depend on it.
final class JumpingClock: Sendable {
    /// 2026-11-22, in milliseconds since 1970.
    static let start: Int64 = 1_795_305_600_000

    private let random: Mutex<SplitMix64>

    init(seed: UInt64) {
        self.random = Mutex(SplitMix64(seed: seed))
    }

    func now() -> Int64 {
        let value = self.random.withLock { $0.next() }
        let minutes = Int64(value >> 40 & 0xffff) * 60_000
        return switch value % 6 {
        case 0: Self.start - minutes
        case 1: Self.start - minutes * 100
        case 2: Self.start + minutes * 100
        case 3: minutes
        default: Self.start + minutes
        }
    }
}
