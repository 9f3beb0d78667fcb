/// Reads the delays services ask for: a number of seconds, a moment in Unix seconds, or an HTTP date.
package enum RetryAfter {
    /// No delay below, so that a `0` cannot make a loop.
    package static let shortest = Duration.seconds(1)
    /// No delay above: a person is waiting, and a service that means hours says so with another status.
    package static let longest = Duration.seconds(120)

    /// `value` of a `Retry-After` header: seconds or a date (RFC 9110 §10.2.3), clamped.
    package static func duration(_ value: String, secondsSince1970: Int64) -> Duration? {
        if let seconds = Self.seconds(value) { return Self.clamped(seconds) }
        return HTTPDate.secondsSince1970(value).map { Self.clamped(Double($0 - secondsSince1970)) }
    }

    /// `value` as a moment: Unix seconds or a date, clamped.
    package static func until(_ value: String, secondsSince1970: Int64) -> Duration? {
        let moment = Self.seconds(value) ?? HTTPDate.secondsSince1970(value).map(Double.init)
        return moment.map { Self.clamped($0 - Double(secondsSince1970)) }
    }

    package static func clamped(_ seconds: Double) -> Duration {
        guard seconds > 1 else { return Self.shortest }
        guard seconds < 120 else { return Self.longest }
        return .milliseconds(Int64(seconds * 1000))
    }

    /// Digits with an optional fraction, as some services write. No sign, no exponent, no `nan`.
    private static func seconds(_ text: String) -> Double? {
        let digits = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") || $0 == 0x20 }
        guard isNumber, let first = digits.first, first != UInt8(ascii: "."), digits.count <= 20 else { return nil }
        return Double(text.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined())
    }
}
