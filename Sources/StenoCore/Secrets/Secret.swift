/// A key, token or password. It cannot be printed, interpolated, dumped or encoded by accident: every way of turning it
/// into text gives `‹redacted›`, and only `reveal` gives the value.
public struct Secret: Sendable, Hashable {
    private let value: String

    public init(_ value: String) {
        self.value = value
    }

    public var isEmpty: Bool { self.value.isEmpty }

    /// Hands the value to `body`, for the one place that puts it on the wire.
    public func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        try body(self.value)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "‹redacted›" }
    public var debugDescription: String { "‹redacted›" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
