/// How much JSON is taken from outside before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// The parser descends on the stack, so no limit may allow more than this.
    public static let deepest = 512
    /// 64 levels, 8 MiB, a million values: far above every message of the contracts.
    public static let `default` = JSONLimits()

    /// Arrays and objects inside each other.
    public var depth: Int
    /// Length of the text.
    public var bytes: Int
    /// Values of all kinds and levels together. Two bytes of text can become 16 bytes of memory, so the length alone does
    /// not bound the memory.
    public var values: Int

    public init(depth: Int = 64, bytes: Int = 8 << 20, values: Int = 1_000_000) {
        self.depth = min(max(depth, 1), Self.deepest)
        self.bytes = max(bytes, 0)
        self.values = max(values, 1)
    }
}
