/// Dates as services write them in headers and bodies, without a calendar library.
package enum HTTPDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7) or `1994-11-06T08:49:37Z`; `nil` for anything else.
    package static func secondsSince1970(_ text: String) -> Int64? {
        Self.headerDate(text) ?? Self.isoDate(text)
    }

    private static func headerDate(_ text: String) -> Int64? {
        let words = text.lowercased().split { $0 == " " || $0 == "," }
        guard words.count == 6, words[5] == "gmt", let month = Self.months.firstIndex(of: String(words[2])) else {
            return nil
        }
        return Self.seconds(
            year: Self.number(words[3], digits: 4),
            month: month + 1,
            day: Self.number(words[1], digits: 2),
            time: words[4]
        )
    }

    /// UTC only, with or without a fraction of a second.
    private static func isoDate(_ text: String) -> Int64? {
        let halves = text.uppercased().split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[1].hasSuffix("Z") else { return nil }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
        let time = halves[1].dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard date.count == 3, let clock = time.first else { return nil }
        return Self.seconds(
            year: Self.number(date[0], digits: 4),
            month: Self.number(date[1], digits: 2),
            day: Self.number(date[2], digits: 2),
            time: clock
        )
    }

    private static func seconds(year: Int?, month: Int?, day: Int?, time: Substring) -> Int64? {
        let parts = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, let month, let day, parts.count == 3,
            let hour = Self.number(parts[0], digits: 2), let minute = Self.number(parts[1], digits: 2),
            let second = Self.number(parts[2], digits: 2),
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        // Days since 1970-01-01 of the proleptic Gregorian calendar, counted in years that begin in March, so that
        // the leap day is the last one.
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear / 400
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// Exactly `digits` decimal digits, or one fewer for a day without its leading zero.
    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits || (digits == 2 && text.utf8.count == 1),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}
