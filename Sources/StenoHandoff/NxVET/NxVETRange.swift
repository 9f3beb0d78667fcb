internal import StenoHTTP

/// A stretch of a device's day.
package struct NxVETRange: Hashable, Sendable {
    /// What the service gives of one device in one call.
    package enum Use: Hashable, Sendable {
        case timeline, preview, creation

        /// In milliseconds: 6 hours (§5.3), and 90 minutes (§5.4), which are taken to hold for what is made as well
        /// (NA-5).
        var limit: Int64 { self == .timeline ? 6 * 3_600_000 : 90 * 60_000 }

        fileprivate var words: (subject: String, limit: String, advice: String) {
            switch self {
            case .timeline: ("timeline", "6 hours", "Ask for it in parts.")
            case .preview: ("preview", "90 minutes", "Choose a shorter stretch around the speech.")
            case .creation: ("conversation", "90 minutes", "Choose a shorter stretch around the speech.")
            }
        }
    }

    package let from: NxVETTime
    package let to: NxVETTime

    package init(from: NxVETTime, to: NxVETTime) {
        self.from = from
        self.to = to
    }

    /// What is wrong with it for `use`, in words for the person; `nil` if nothing is.
    package func problem(for use: Use) -> String? {
        let length = self.to.milliseconds - self.from.milliseconds
        if length <= 0 { return "'\(self.from)' is not before '\(self.to)'. The end must be after the beginning." }
        guard length > use.limit else { return nil }
        let words = use.words
        // Rounded up, so that one millisecond too much does not read like none.
        let minutes = (length + 59_999) / 60_000
        let shown = minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
        return "A \(words.subject) covers at most \(words.limit), and this is \(shown). \(words.advice)"
    }

    func check(for use: Use) throws(ServiceError) {
        if let problem = self.problem(for: use) { throw NxVETErrors.refusal(problem) }
    }

    /// Clocks of devices and the service may differ by minutes (NA-16): two more at either end, never past the limit.
    func widened(for use: Use) -> NxVETRange {
        let room = max(0, use.limit - (self.to.milliseconds - self.from.milliseconds))
        let edge = min(Self.clockDifference, room / 2)
        guard let from = NxVETTime(milliseconds: self.from.milliseconds - edge),
            let to = NxVETTime(milliseconds: self.to.milliseconds + edge)
        else { return self }
        return NxVETRange(from: from, to: to)
    }

    /// Milliseconds (NA-16).
    static let clockDifference: Int64 = 120_000

    var items: [(name: String, value: String)] {
        [
            (name: "startMs", value: String(self.from.milliseconds)),
            (name: "endMs", value: String(self.to.milliseconds)),
        ]
    }
}
