/// Decides what is worth telling about the disk, from how much room is measured and from what it takes and refuses.
///
/// A warning comes at 20 % and at 5 % of the file system. At 20 % it is left out where more than 200 hours of recording
/// still fit, because on a large disk that is no news. Whatever the share, less than an hour is very little.
///
/// | level | from | back when |
/// | --- | --- | --- |
/// | low | 20 % or less, and less than 200 h | more than 22 %, or more than 250 h |
/// | very low | 5 % or less, or less than 1 h | more than 7 %, and more than 75 min |
///
/// Each is told once when it is reached, and again only after there was room in between.
public struct DiskWatch: Hashable, Sendable {
    public enum Level: Int, Hashable, Sendable, Comparable {
        case plenty, low, veryLow

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    public private(set) var level = Level.plenty
    /// The last attempt to write found no room, and there is nothing left to give way.
    public private(set) var isFull = false
    /// The space that is kept was given up and is not back yet.
    public private(set) var isOnReserve = false

    public init() {}

    /// The room was measured.
    ///
    /// - Parameter keepsReserve: whether space is kept for a full disk now.
    public mutating func measured(_ room: DiskRoom, keepsReserve: Bool) -> DiskNotice? {
        let before = self.level
        self.level = self.level(of: room)
        let isBack = self.isOnReserve && keepsReserve
        if isBack { self.isOnReserve = false }
        // While it writes on the reserve everybody knows that there is no room.
        guard !self.isOnReserve, !self.isFull else { return nil }
        if self.level > before { return self.level == .low ? .low(room) : .veryLow(room) }
        return isBack || (before == .veryLow && self.level < before) ? .roomAgain : nil
    }

    /// The disk was full.
    ///
    /// - Parameter reserve: bytes that were kept and have now been given up; 0 when there were none.
    public mutating func refused(reserve: Int64) -> DiskNotice? {
        if reserve > 0 {
            self.isOnReserve = true
            return .usingReserve(DiskRoom(free: reserve, total: reserve).time)
        }
        defer { self.isFull = true }
        return self.isFull ? nil : .full
    }

    /// The disk took something.
    public mutating func accepted() -> DiskNotice? {
        defer { self.isFull = false }
        return self.isFull ? .goesOn : nil
    }

    private func level(of room: DiskRoom) -> Level {
        let isVeryLow =
            self.level == .veryLow
            ? room.percent <= 7 || room.time <= .seconds(4_500) : room.percent <= 5 || room.time < .seconds(3_600)
        if isVeryLow { return .veryLow }
        let isLow =
            self.level >= .low
            ? room.percent <= 22 && room.time <= .seconds(900_000)
            : room.percent <= 20 && room.time < .seconds(720_000)
        return isLow ? .low : .plenty
    }
}
