internal import Glibc
package import StenoWire

/// A moment as NxVET writes it: milliseconds since 1970.
package struct NxVETTime: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    /// The last millisecond of the year 9999: the service's and our own texts have four digits for a year.
    private static let last: Int64 = 253_402_300_799_999

    /// `nil` before 1970 and after 9999.
    package init?(milliseconds: Int64) {
        guard (0...Self.last).contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }

    /// Milliseconds, seconds or a text in ISO 8601: the document does not say which (NC-15).
    package init?(_ value: JSONValue?) {
        switch value {
        case .integer(let number): self.init(number: number)
        case .number(let number):
            guard let whole = Int64(exactly: number.rounded()) else { return nil }
            self.init(number: whole)
        case .string(let text):
            guard let number = Int64(text) else {
                self.init(iso: text)
                return
            }
            self.init(number: number)
        case .none, .null, .bool, .array, .object: return nil
        }
    }

    /// From 10¹¹ on these are milliseconds, from 10⁹ on seconds.
    private init?(number: Int64) {
        guard number >= 1_000_000_000 else { return nil }
        self.init(milliseconds: number >= 100_000_000_000 ? number : number * 1_000)
    }

    /// `2026-01-05T09:30Z`, with or without seconds, their fraction and an offset. Without an offset the time is taken
    /// as UTC, unless `offset` says otherwise.
    /// - Parameter offset: seconds east of UTC at that time of the day, for texts that name no offset.
    package init?(iso text: String, offset: (_ local: Int64) -> Int64 = { _ in 0 }) {
        var reader = ISOReader(text)
        guard let parts = reader.read() else { return nil }
        let shift = parts.offset ?? offset(parts.seconds)
        guard (-86_400...86_400).contains(shift) else { return nil }
        self.init(milliseconds: (parts.seconds - shift) * 1_000 + parts.milliseconds)
    }

    package static func < (left: NxVETTime, right: NxVETTime) -> Bool { left.milliseconds < right.milliseconds }
}

extension NxVETTime: CustomStringConvertible {
    /// ISO 8601 in UTC, with milliseconds if there are any.
    package var description: String {
        var seconds = time_t(self.milliseconds / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let fields = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }
        let rest = String(self.milliseconds % 1_000)
        let fraction = rest == "0" ? "" : ".\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        let clock = "\(fields[2]):\(fields[3]):\(fields[4])\(fraction)"
        return "\(parts.tm_year + 1_900)-\(fields[0])-\(fields[1])T\(clock)Z"
    }
}

/// Reads the extended form of ISO 8601 from left to right.
private struct ISOReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { self.rest = Substring(text).utf8 }

    mutating func read() -> (seconds: Int64, milliseconds: Int64, offset: Int64?)? {
        guard let year = self.number(4), self.skip("-"), let month = self.number(2), self.skip("-"),
            let day = self.number(2), self.skip("Tt "), let hour = self.number(2), self.skip(":"),
            let minute = self.number(2)
        else { return nil }
        var (second, milliseconds) = (0, 0)
        if self.skip(":") {
            guard let read = self.number(2) else { return nil }
            second = read
            if self.skip(".,") {
                guard let read = self.fraction() else { return nil }
                milliseconds = read
            }
        }
        guard (1970...9999).contains(year), hour < 24, minute < 60, second <= 60, let offset = self.offset(),
            let seconds = Self.seconds(year, month, day, hour * 3_600 + minute * 60 + second)
        else { return nil }
        return (seconds, Int64(milliseconds), offset.seconds)
    }

    private static func seconds(_ year: Int, _ month: Int, _ day: Int, _ secondOfDay: Int) -> Int64? {
        var parts = tm()
        parts.tm_year = Int32(year - 1_900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        let midnight = timegm(&parts)
        // The library turns the 31st of June into the 1st of July; here that is a mistake.
        guard parts.tm_mon == month - 1, parts.tm_mday == day else { return nil }
        return Int64(midnight) + Int64(secondOfDay)
    }

    /// What is left must be nothing, `Z` or an offset. Nothing has no seconds.
    private mutating func offset() -> (seconds: Int64?, Void)? {
        if self.rest.isEmpty { return (nil, ()) }
        if self.skip("Zz") { return self.rest.isEmpty ? (0, ()) : nil }
        let isWest = self.rest.first == UInt8(ascii: "-")
        guard self.skip("+-"), let hours = self.number(2), hours < 24 else { return nil }
        _ = self.skip(":")
        let minutes = self.rest.isEmpty ? 0 : self.number(2)
        guard let minutes, minutes < 60, self.rest.isEmpty else { return nil }
        let seconds = Int64(hours * 3_600 + minutes * 60)
        return (isWest ? -seconds : seconds, ())
    }

    private mutating func number(_ digits: Int) -> Int? {
        let text = self.rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.rest = self.rest.dropFirst(digits)
        return Int(String(text) ?? "")
    }

    /// Thousandths; what is finer is left out.
    private mutating func fraction() -> Int? {
        let digits = self.rest.prefix { (0x30...0x39).contains($0) }
        guard (1...18).contains(digits.count) else { return nil }
        self.rest = self.rest.dropFirst(digits.count)
        let padded = (Array(digits) + [0x30, 0x30]).prefix(3)
        return padded.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private mutating func skip(_ characters: StaticString) -> Bool {
        guard let first = self.rest.first, "\(characters)".utf8.contains(first) else { return false }
        self.rest = self.rest.dropFirst()
        return true
    }
}
