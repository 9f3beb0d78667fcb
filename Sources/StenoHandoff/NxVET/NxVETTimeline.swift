internal import StenoWire

/// One minute of a device's day.
package struct TimelineMinute: Hashable, Sendable {
    package let start: NxVETTime
    package let isSilent: Bool
    package let speechMilliseconds: Int
    package let transcript: String?
}

extension TimelineMinute {
    /// `nil` only without a time.
    init?(_ value: JSONValue) {
        guard let start = NxVETTime(value["minuteStartMs"]) else { return nil }
        let speech = value["vadSpeechDurationMs"]?.int ?? 0
        self.start = start
        self.speechMilliseconds = min(max(speech, 0), 60_000)
        self.isSilent = value["vadIsSilent"]?.bool ?? (speech <= 0)
        self.transcript = value["transcriptText"]?.string.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil }
    }
}

/// What a stretch holds before a conversation is made of it, in minutes.
package struct RangePreview: Hashable, Sendable {
    package let total: Double
    package let speech: Double
    package let silent: Double
}

extension RangePreview {
    /// A missing figure is what the other two leave.
    init?(_ value: JSONValue) {
        let (total, speech, silent) = (
            value["totalMinutes"]?.double, value["speechMinutes"]?.double, value["silentMinutes"]?.double
        )
        guard let speech = speech ?? total.flatMap({ total in silent.map { total - $0 } }),
            let all = total ?? silent.map({ speech + $0 })
        else { return nil }
        self.speech = speech
        self.total = all
        self.silent = silent ?? (all - speech)
    }
}
