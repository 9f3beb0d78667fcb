import StenoCore
import Synchronization

/// Brings what is known of the disk to whoever wants to know. What comes before anybody listens waits.
final class DiskObserver: Sendable {
    /// Notices that wait at most; then the oldest goes.
    private static let limit = 16

    private struct State {
        var tell: (@Sendable (DiskNotice) -> Void)?
        var waiting: [DiskNotice] = []
    }

    private let state = Mutex(State())

    /// `tell` is called on the thread that writes, and on this one for what waits.
    func observe(_ tell: @escaping @Sendable (DiskNotice) -> Void) {
        let waiting = self.state.withLock { state in
            state.tell = tell
            defer { state.waiting = [] }
            return state.waiting
        }
        for notice in waiting { tell(notice) }
    }

    func tell(_ notices: [DiskNotice]) {
        guard !notices.isEmpty else { return }
        let tell = self.state.withLock { state in
            if state.tell == nil { state.waiting = (state.waiting + notices).suffix(Self.limit) }
            return state.tell
        }
        guard let tell else { return }
        for notice in notices { tell(notice) }
    }
}
