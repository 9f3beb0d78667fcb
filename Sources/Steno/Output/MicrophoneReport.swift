package import StenoCore

/// What can be said about the microphone, for a person and for scripts.
package struct MicrophoneReport: Hashable, Sendable {
    /// How much it matters to whoever is dictating.
    package enum Alarm: Int, Comparable, Hashable, Sendable {
        case none
        /// Something is odd: look.
        case warning
        /// What is said now is most likely lost.
        case alarm

        package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    package var condition: MicrophoneCondition
    package var alarm: Alarm
    /// What it means and what to do, in a sentence. Only shown with an alarm or a warning.
    package var words: String

    package init(_ condition: MicrophoneCondition, alarm: Alarm = .none, words: String = "") {
        self.condition = condition
        self.alarm = alarm
        self.words = words
    }
}

extension MicrophoneReport {
    /// It is worth a line of its own: not the same trouble as in `former`, or worse than it was.
    package func isNews(after former: MicrophoneReport?) -> Bool {
        guard self.alarm > .none else { return false }
        guard let former, former.condition == self.condition else { return true }
        return self.alarm > former.alarm
    }
}
