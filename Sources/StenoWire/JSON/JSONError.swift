/// Why a text is not the JSON it should be. Holds no part of the text, which may be a patient's.
public struct JSONError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// Not the grammar of RFC 8259.
        case syntax
        /// The text ends inside a value.
        case truncated
        /// The bytes are not UTF-8, or an escape names half a surrogate pair.
        case encoding
        /// A number too large for a double.
        case number
        /// One of `JSONLimits`.
        case limit
    }

    public var code: Code
    /// Where, in bytes from the beginning.
    public var offset: Int
    /// What was wrong or expected there.
    public var reason: String

    public init(_ code: Code, at offset: Int, _ reason: String) {
        self.code = code
        self.offset = offset
        self.reason = reason
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "not valid JSON at byte \(self.offset): \(self.reason)" }
}
