/// Which notes are meant. What is `nil` does not matter; everything given must hold.
package struct NoteFilter: Hashable, Sendable {
    package var status: NoteStatus?
    /// A part of the patient's name.
    package var name: String?
    /// Days as `YYYY-MM-DD`, both included, in UTC.
    package var from: String?
    package var to: String?
    /// Of the last so many days.
    package var days: Int?
    package var externalID: String?

    package init(
        status: NoteStatus? = nil,
        name: String? = nil,
        from: String? = nil,
        to: String? = nil,
        days: Int? = nil,
        externalID: String? = nil
    ) {
        self.status = status
        self.name = name
        self.from = from
        self.to = to
        self.days = days
        self.externalID = externalID
    }

    /// The time zone of the service's days is not documented (CA-9), so a day more is asked for on both sides.
    var query: [(String, String)] {
        var query: [(String, String)] = []
        if let status = self.status { query.append(("transcription_status", status.text)) }
        if let name = self.name { query.append(("name", name)) }
        if let from = self.from { query.append(("from", CalendarDay.moved(from, by: -1))) }
        if let to = self.to { query.append(("to", CalendarDay.moved(to, by: 1))) }
        if let days = self.days { query.append(("days", String(days))) }
        if let externalID = self.externalID { query.append(("external_id", externalID)) }
        return query
    }

    /// Whether a row is one of those meant, as far as it tells: a filter that the service ignores changes nothing.
    func admits(_ note: ConnectVetsNote) -> Bool {
        if let status = self.status, note.status != .unknown, note.status != status { return false }
        if let externalID = self.externalID, let found = note.externalID, found != externalID { return false }
        if let name = self.name, let found = note.name, !found.lowercased().contains(name.lowercased()) { return false }
        guard let day = note.createdAt?.prefix(10), CalendarDay.isDay(String(day)) else { return true }
        if let from = self.from, day < from { return false }
        if let to = self.to, day > to { return false }
        return true
    }
}

/// Days as texts, `YYYY-MM-DD`: they sort as they follow one another.
package enum CalendarDay {
    package static func isDay(_ text: String) -> Bool { Self.parts(text) != nil }

    /// - Returns: `text` itself when it is no day.
    static func moved(_ text: String, by days: Int) -> String {
        guard let (year, month, day) = Self.parts(text) else { return text }
        return Self.text(Self.number(year, month, day) + days)
    }

    private static func parts(_ text: String) -> (year: Int, month: Int, day: Int)? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        let digits = bytes.enumerated().filter { $0.offset != 4 && $0.offset != 7 }.map(\.element)
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let numbers = digits.map { Int($0 - UInt8(ascii: "0")) }
        let year = numbers[0] * 1_000 + numbers[1] * 100 + numbers[2] * 10 + numbers[3]
        let (month, day) = (numbers[4] * 10 + numbers[5], numbers[6] * 10 + numbers[7])
        guard (1...12).contains(month), (1...31).contains(day), Self.text(Self.number(year, month, day)) == text else {
            return nil
        }
        return (year, month, day)
    }

    /// Days since 0000-03-01 of the Gregorian calendar. Source: H. Hinnant, "chrono-compatible low-level date algorithms".
    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return years * 365 + years / 4 - years / 100 + years / 400 + dayOfYear
    }

    private static func text(_ number: Int) -> String {
        var years = (number * 400 + 399) / 146_097
        while Self.number(years + 1, 3, 1) <= number { years += 1 }
        while Self.number(years, 3, 1) > number { years -= 1 }
        let dayOfYear = number - Self.number(years, 3, 1)
        let march = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 3 : march - 9
        let year = month > 2 ? years : years + 1
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
