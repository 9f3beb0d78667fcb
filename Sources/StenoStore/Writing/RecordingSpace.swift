import StenoCore

/// Watches the disk for one recording, and keeps space on it for the day it is full.
///
/// Looks when the recording begins and with every 20th commit, which is every 5 s. Who writes says what the disk took
/// and what it refused; nobody looks for a sample of audio.
struct RecordingSpace {
    /// Commits between two looks.
    private static let commitsPerLook = 20
    /// Notices that wait at most for somebody to take them; then the oldest goes.
    private static let noticeLimit = 16

    private let folder: String
    private var watch = DiskWatch()
    private var reserve: DiskReserve
    private var commits = 0
    private var notices: [DiskNotice] = []

    init(_ place: RecordingPlace) {
        self.folder = place.folder
        self.reserve = DiskReserve(place)
        self.look()
    }

    /// Something was committed.
    mutating func accepted() {
        let wasFull = self.watch.isFull
        self.tell(self.watch.accepted())
        self.commits += 1
        if wasFull || self.commits % Self.commitsPerLook == 0 { self.look() }
    }

    /// There was no room.
    ///
    /// - Returns: whether space was given up for it, so that it is worth to try again.
    mutating func refused() -> Bool {
        let released = self.reserve.release()
        self.tell(self.watch.refused(reserve: released))
        return released > 0
    }

    mutating func takeNotices() -> [DiskNotice] {
        defer { self.notices = [] }
        return self.notices
    }

    /// The recording is done.
    mutating func end() { _ = self.reserve.release() }

    private mutating func look() {
        guard let room = DiskSpace.room(at: self.folder) else { return }
        self.reserve.take(of: room)
        self.tell(self.watch.measured(room, keepsReserve: self.reserve.bytes > 0))
    }

    private mutating func tell(_ notice: DiskNotice?) {
        guard let notice else { return }
        if self.notices.count == Self.noticeLimit { self.notices.removeFirst() }
        self.notices.append(notice)
    }
}
