import StenoCore

/// Facts on their way to the thread that writes.
///
/// Coverage never overtakes the words that it counts: a crash between the two would leave speech that is confirmed and
/// has no text, and nobody would hear it again.
struct FactInbox {
    private var facts: [RecordingFact] = []
    /// The last word replaces the earlier ones, however long the disk takes nothing: each holds a whole recording.
    private var coverage: CoverageStateMachine?
    /// A fact was not taken. No coverage is from then on, because it may count that one.
    private var hasRefused = false

    /// - Returns: `false` when too much is waiting already; then it is not taken.
    mutating func add(_ fact: RecordingFact) -> Bool {
        if case .coverage(let machine) = fact {
            if !self.hasRefused { self.coverage = machine }
            return !self.hasRefused
        }
        guard self.facts.count < RecordingWriter.factLimit else {
            self.hasRefused = true
            return false
        }
        self.facts.append(fact)
        return true
    }

    /// What waits, in order, coverage last.
    mutating func take(atMost limit: Int) -> [RecordingFact] {
        var taken = self.facts
        if taken.count <= limit {
            self.facts = []
        } else {
            taken = Array(taken.prefix(max(0, limit)))
            self.facts.removeFirst(taken.count)
        }
        if self.facts.isEmpty, let machine = self.coverage {
            taken.append(.coverage(machine))
            self.coverage = nil
        }
        return taken
    }
}
