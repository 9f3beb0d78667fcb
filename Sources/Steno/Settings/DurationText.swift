/// Reads lengths of time as people write them: `90`, `90s`, `1.5 s`, `250ms`, `2min`, `1h30m`, `1:30`, `1:02:03`.
/// A bare number is seconds.
package enum DurationText {
    /// `nil` for anything that is not a length of time, is negative, or is longer than a year.
    package static func parse(_ text: String) -> Duration? {
        let written = text.lowercased().filter { $0 != " " }
        guard (1...32).contains(written.utf8.count) else { return nil }
        let milliseconds = written.contains(":") ? Self.clock(written) : Self.units(written)
        guard let milliseconds, milliseconds >= 0, milliseconds <= 366 * 86_400_000 else { return nil }
        return .milliseconds(Int64(milliseconds.rounded()))
    }

    /// The shortest form that `parse` reads back: `1500 ms`, `30 s`, `10 min`, `2 h`.
    package static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if attoseconds != 0 { return "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000) ms" }
        if seconds != 0, seconds % 3_600 == 0 { return "\(seconds / 3_600) h" }
        return seconds != 0 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    private static func clock(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let seconds = Self.number(parts[parts.count - 1]), seconds < 60 else {
            return nil
        }
        let higher = parts.dropLast().map { Int($0) }
        guard higher.allSatisfy({ $0.map { (0...100_000).contains($0) } ?? false }) else { return nil }
        let minutes = higher.compactMap(\.self).reduce(0) { $0 * 60 + $1 }
        return (Double(minutes) * 60 + seconds) * 1_000
    }

    private static func units(_ text: String) -> Double? {
        if let seconds = Self.number(text[...]) { return seconds * 1_000 }
        var rest = text[...]
        var total = 0.0
        var smallest = Double.infinity
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isLetter }
            rest = rest[unit.endIndex...]
            // Each unit once, from the largest down, so that `5m5m` is a slip and not ten minutes.
            guard let number = Self.number(digits), let factor = Self.factor(unit), factor < smallest else {
                return nil
            }
            smallest = factor
            total += number * factor
        }
        return total
    }

    private static func factor(_ unit: Substring) -> Double? {
        switch unit {
        case "ms": 1
        case "s", "sec": 1_000
        case "m", "min": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }

    private static func number(_ text: Substring) -> Double? {
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        return isNumber ? Double(text) : nil
    }
}
