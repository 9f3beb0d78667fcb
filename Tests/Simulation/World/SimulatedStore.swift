package import StenoCore

/// What a session has kept beside the audio.
package enum StoredFact: Sendable {
    case utterance(Utterance)
    case withdrawn(Utterance.ID)
    case coverage(CoverageStateMachine)
}

/// Why the disk took nothing.
package enum StoreRefusal: Error {
    /// It can be tried again.
    case full
}

/// Where a recording is kept. Every call that returns has brought to the disk what it took; `keep` waits for the next.
package protocol SimulatedStore: AnyObject {
    /// Everything before this survives.
    var durable: SamplePosition { get }
    /// What is missing in the part that is durable.
    var missing: SpanSet { get }
    /// Facts that wait.
    var waiting: Int { get }
    /// The disk takes nothing for now.
    var isFull: Bool { get set }
    /// Where somebody speaks: what the samples are like there.
    var sounds: [AudioSpan] { get set }

    func keep(_ fact: StoredFact)
    /// A row, or the last piece before a gap or the end.
    func append(_ span: AudioSpan) throws(StoreRefusal)
    func missed(_ gap: AudioGap) throws(StoreRefusal)
    /// Writes what waits without audio.
    func settle() throws(StoreRefusal)
    /// No more audio comes.
    func finish()
    /// The file fails: it is never touched again, and the recording goes on in another one.
    func failFile()
    /// The process is gone with all that was not durable; another one opens what is there.
    func die()
    /// All that another process needs to go on.
    func memory(_ speech: [AudioSpan]) -> RecordingMemory
    /// The recording is whole: what is there must be readable and in order.
    ///
    /// - Returns: what is wrong with it.
    func verify() -> String?
}

/// A store without a disk, which keeps the promises that the real one makes.
package final class ModelStore: SimulatedStore {
    package private(set) var durable = SamplePosition.zero
    package private(set) var missing = SpanSet()
    package var isFull = false
    package var sounds: [AudioSpan] = []
    private var rows = SpanSet()
    private var inbox: [StoredFact] = []
    private var utterances: [Utterance] = []
    private var coverage = CoverageStateMachine()
    private var parts = 1

    package init() {}

    package var waiting: Int { self.inbox.count }

    package func keep(_ fact: StoredFact) {
        // Only the newest coverage counts.
        if case .coverage = fact, case .coverage? = self.inbox.last { self.inbox.removeLast() }
        self.inbox.append(fact)
    }

    package func append(_ span: AudioSpan) throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        self.rows.insert(span)
        self.durable = span.end
        self.write()
    }

    package func missed(_ gap: AudioGap) throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        self.missing.insert(gap.span)
        self.durable = max(self.durable, gap.span.end)
        self.write()
    }

    package func settle() throws(StoreRefusal) {
        guard !self.isFull else { throw .full }
        self.write()
    }

    package func finish() {}

    package func failFile() { self.parts += 1 }

    package func die() { self.inbox.removeAll() }

    /// Facts go in with the audio, in order.
    private func write() {
        for fact in self.inbox {
            switch fact {
            case .utterance(let utterance):
                if let index = self.utterances.lastIndex(where: { $0.id == utterance.id }) {
                    self.utterances[index] = utterance
                } else {
                    self.utterances.append(utterance)
                }
            case .withdrawn(let id): self.utterances.removeAll { $0.id == id }
            case .coverage(let coverage): self.coverage = coverage
            }
        }
        self.inbox.removeAll(keepingCapacity: true)
    }

    package func memory(_ speech: [AudioSpan]) -> RecordingMemory {
        let there = AudioSpan(start: .zero, end: self.durable)
        var memory = RecordingMemory()
        memory.utterances = self.utterances.sorted { $0.span.start < $1.span.start }
        var coverage = self.coverage.memory
        coverage.total = self.durable
        coverage.missing = self.missing
        // What a dead process knew of audio that died with it says nothing about what comes in its place.
        coverage.confirmed = coverage.confirmed.clamped(to: there)
        coverage.sent = coverage.sent.clamped(to: there)
        coverage.settled = coverage.settled.clamped(to: there)
        coverage.heardOnce = coverage.heardOnce.clamped(to: there)
        coverage.broken = coverage.broken.map { $0.clamped(to: there) }
        coverage.lastConfirmed = coverage.lastConfirmed.map { min($0, self.durable) }
        coverage.speech = coverage.speech.union(SpanSet(speech)).clamped(to: there)
        memory.coverage = coverage
        return memory
    }

    package func verify() -> String? {
        let there = AudioSpan(start: .zero, end: self.durable)
        let isWhole =
            self.rows.frames + self.missing.frames == there.frames && self.rows.union(self.missing).spans.count <= 1
        return isWhole ? nil : "rows and gaps do not make a timeline"
    }
}
