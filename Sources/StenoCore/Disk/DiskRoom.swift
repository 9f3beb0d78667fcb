/// How much of a disk is left.
public struct DiskRoom: Hashable, Sendable {
    /// What a second of recording takes at most, with everything that is kept beside the audio: sound that does not
    /// compress at all. Speech takes about half.
    public static let bytesPerSecond: Int64 = 36_000

    /// Bytes that this user may still write.
    public var free: Int64
    /// Bytes of the whole file system.
    public var total: Int64

    public init(free: Int64, total: Int64) {
        self.free = max(0, free)
        self.total = max(0, total)
    }

    /// How long a recording can go on at least.
    public var time: Duration { .seconds(self.free / Self.bytesPerSecond) }

    /// Hundredths of the file system, rounded down; 100 where the size is not known.
    public var percent: Int {
        guard self.total > 0 else { return 100 }
        return Int(min(100, (Double(self.free) / Double(self.total) * 100).rounded(.down)))
    }
}
