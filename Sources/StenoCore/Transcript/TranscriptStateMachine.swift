/// Folds what recognisers say into the one transcript of a recording, each stretch of audio at most once.
///
/// A service repeats itself, corrects itself and starts its ids and times anew with each connection, and after a
/// reconnect it hears again what was never confirmed. The position on the timeline is the only identity that outlives
/// all of that.
///
/// | state | event | next | what happens |
/// | --- | --- | --- | --- |
/// | listening, dictating | interim, new id | dictating | shown |
/// | dictating | interim, open id | dictating | replaces the earlier text |
/// | any | interim, completed id | same | ignored: late |
/// | any | completed, open or new id | listening if none is left open | final; delivered in order of first appearance |
/// | any | completed, completed id | same | ignored: repeated |
/// | any | completed and empty | as above | taken back, if it was shown |
/// | any | connection lost | listening | open utterances are kept aside, unconfirmed |
/// | any | utterance that covers one kept aside | same | the one kept aside is taken back |
/// | any | finish | finished | what is still open or aside is delivered, marked unconfirmed |
/// | finished | any | finished | ignored: the network owes us no order |
///
/// The cost of an update does not depend on how much was said before.
public struct TranscriptStateMachine: Sendable {
    public enum Action: Hashable, Sendable {
        /// The text of an open utterance is now this.
        case show(Utterance)
        /// An utterance is final. At most once for each id.
        case complete(Utterance)
        /// An utterance that was shown turned out to be nothing, or to be in another one.
        case withdraw(Utterance.ID)
        /// Hand over an utterance for reading, in order of first appearance, each once. Unconfirmed ones are marked.
        case deliver(Utterance)
        /// A completed utterance covers this audio.
        case confirm(AudioSpan)
        /// The recogniser broke a rule we can live with.
        case note(Fault)
    }

    /// Oddities that are counted, never fatal.
    public enum Fault: Hashable, Sendable {
        /// Word times lie beyond the audio that was sent (JA-7): the words are kept, the audio is not confirmed.
        case timesBeyondAudio
        /// A completed text without a single word time: kept, confirms nothing.
        case noWordTimes
    }

    public enum State: Hashable, Sendable {
        /// Between utterances.
        case listening
        /// At least one utterance is open.
        case dictating(open: Int)
        case finished
    }

    private struct Entry {
        enum Status { case open, completed, aside, withdrawn }
        var utterance: Utterance
        var status: Status
        var isShown = false
    }

    /// How many completed utterances wait for an earlier one to complete before they are delivered past it.
    public static let patience = 64
    /// Word times may run this far ahead of the audio sent before they are called wrong.
    private static let timeTolerance = Int64(2 * SamplePosition.rate)

    public private(set) var state: State = .listening
    /// In order of first appearance.
    private var entries: [Entry] = []
    /// Ids of the present connection only: an older connection cannot speak any more.
    private var indices: [String: Int] = [:]
    /// The first entry that was not delivered or passed over yet.
    private var head = 0
    private var aside: [Int] = []
    private var connection = 0
    private var offset = SamplePosition.zero
    private var filter = ReplayFilter.none

    public init() {}

    /// A connection will hear audio from `offset` on; its ids and times start again there.
    public mutating func connectionOpened(at offset: SamplePosition) {
        guard self.state != .finished else { return }
        self.connection += 1
        self.offset = offset
        self.indices.removeAll(keepingCapacity: true)
        let reach = offset - ReplayFilter.edge
        self.filter = ReplayFilter(
            settled: self.entries.lazy
                .filter { $0.status == .completed && $0.utterance.span.end > reach }
                .map(\.utterance)
        )
    }

    /// The connection is gone; nothing it left open will complete.
    public mutating func connectionLost() -> [Action] {
        guard self.state != .finished else { return [] }
        for index in self.indices.values.sorted() where self.entries[index].status == .open {
            self.entries[index].status = .aside
            self.aside.append(index)
        }
        self.indices.removeAll(keepingCapacity: true)
        self.state = .listening
        return self.deliverWhatIsDue()
    }

    /// - Parameter sent: the end of the audio that this connection was given so far.
    public mutating func received(_ update: TranscriptUpdate, sent: SamplePosition) -> [Action] {
        guard self.state != .finished else { return [] }
        let index: Int
        if let known = self.indices[update.id] {
            guard self.entries[known].status == .open else { return [] }
            index = known
        } else {
            index = self.open(update.id)
        }
        var actions: [Action] = []
        let heard = self.place(update, in: index, sent: sent, noting: &actions)
        if update.isCompleted {
            self.complete(index, heard: heard, into: &actions)
        } else if !self.entries[index].utterance.text.isEmpty {
            self.entries[index].isShown = true
            actions.append(.show(self.entries[index].utterance))
        }
        return actions
    }

    /// No recogniser will say anything more. What never completed is kept and marked unconfirmed.
    public mutating func finish() -> [Action] {
        guard self.state != .finished else { return [] }
        for index in self.indices.values.sorted() where self.entries[index].status == .open {
            self.entries[index].status = .aside
            self.aside.append(index)
        }
        var actions: [Action] = []
        for index in self.aside.sorted() where index < self.head && !self.entries[index].utterance.text.isEmpty {
            actions.append(.deliver(self.entries[index].utterance))
        }
        for entry in self.entries[self.head...] where !entry.utterance.text.isEmpty {
            if entry.status == .completed || entry.status == .aside { actions.append(.deliver(entry.utterance)) }
        }
        self.head = self.entries.count
        self.aside.removeAll()
        self.state = .finished
        return actions
    }

    /// Everything that was said, in the order of the timeline: completed utterances, and after `finish` also those that
    /// never completed. Costs a pass over the transcript.
    public var utterances: [Utterance] {
        self.entries
            .filter { entry in
                guard !entry.utterance.text.isEmpty else { return false }
                return entry.status == .completed || (self.state == .finished && entry.status == .aside)
            }
            .map(\.utterance)
            .enumerated()
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map(\.element)
    }

    /// Some text was heard and never completed.
    public var hasUnconfirmedText: Bool {
        self.entries.contains { entry in
            (entry.status == .open || entry.status == .aside) && !entry.utterance.text.isEmpty
        }
    }

    public var openUtterances: Int {
        if case .dictating(let open) = self.state { open } else { 0 }
    }
}

extension TranscriptStateMachine {
    private mutating func open(_ id: String) -> Int {
        let id = Utterance.ID(connection: self.connection, recogniserID: id)
        let start = AudioSpan(start: self.offset, end: self.offset)
        self.entries.append(Entry(utterance: Utterance(id: id, span: start, text: "", isConfirmed: false), status: .open))
        self.indices[id.recogniserID] = self.entries.count - 1
        self.state = .dictating(open: self.openUtterances + 1)
        return self.entries.count - 1
    }

    /// Puts the update's words on the timeline, without those the transcript already has.
    ///
    /// - Returns: the audio that all words of the update cover, doubles included; `nil` if it cannot be trusted.
    private mutating func place(
        _ update: TranscriptUpdate,
        in index: Int,
        sent: SamplePosition,
        noting actions: inout [Action]
    ) -> AudioSpan? {
        var kept: [Word] = []
        kept.reserveCapacity(update.words.count)
        var covered: AudioSpan?
        var isDoubtful = false
        for word in update.words {
            let span = AudioSpan(
                start: self.offset + SamplePosition(seconds: word.start).frames,
                end: self.offset + SamplePosition(seconds: word.end).frames
            )
            covered = AudioSpan(
                start: min(covered?.start ?? span.start, span.start),
                end: max(covered?.end ?? span.end, span.end)
            )
            let placed = Word(text: word.text, span: span)
            switch self.filter.verdict(on: placed) {
            case .keep:
                kept.append(placed)
            case .doubt:
                isDoubtful = true
                kept.append(placed)
            case .drop:
                break
            }
        }
        let isWhole = kept.count == update.words.count
        var utterance = self.entries[index].utterance
        utterance.text = isWhole ? update.sentence : kept.map(\.text).joined(separator: " ")
        utterance.words = kept
        utterance.isDoubtful = isDoubtful
        utterance.hasEstimatedWordTimes = update.hasEstimatedWordTimes

        let heard = AudioSpan(start: self.offset, end: max(self.offset, sent))
        if let first = kept.first, let last = kept.last {
            utterance.span = AudioSpan(start: first.span.start, end: last.span.end).clamped(to: heard)
        }
        self.entries[index].utterance = utterance

        guard let covered else {
            if update.isCompleted, !update.sentence.isEmpty { actions.append(.note(.noWordTimes)) }
            return nil
        }
        guard covered.end <= sent + Self.timeTolerance, covered.start >= self.offset - Self.timeTolerance else {
            actions.append(.note(.timesBeyondAudio))
            return nil
        }
        return covered.clamped(to: heard)
    }

    private mutating func complete(_ index: Int, heard: AudioSpan?, into actions: inout [Action]) {
        self.entries[index].utterance.isConfirmed = true
        self.state = self.openUtterances > 1 ? .dictating(open: self.openUtterances - 1) : .listening
        if let heard {
            actions.append(.confirm(heard))
            self.withdrawAside(coveredBy: heard, into: &actions)
        }
        if self.entries[index].utterance.text.isEmpty {
            if self.entries[index].isShown { actions.append(.withdraw(self.entries[index].utterance.id)) }
            self.entries[index].status = .withdrawn
        } else {
            self.entries[index].status = .completed
            actions.append(.complete(self.entries[index].utterance))
            if index < self.head { actions.append(.deliver(self.entries[index].utterance)) }
        }
        actions += self.deliverWhatIsDue()
    }

    /// An utterance kept aside has been heard again when at least half of it lies in one that completed since.
    private mutating func withdrawAside(coveredBy heard: AudioSpan, into actions: inout [Action]) {
        guard !self.aside.isEmpty else { return }
        self.aside.removeAll { index in
            let span = self.entries[index].utterance.span
            guard span.clamped(to: heard).frames * 2 >= max(span.frames, 1) else { return false }
            self.entries[index].status = .withdrawn
            if self.entries[index].isShown { actions.append(.withdraw(self.entries[index].utterance.id)) }
            return true
        }
    }

    private mutating func deliverWhatIsDue() -> [Action] {
        var actions: [Action] = []
        while self.head < self.entries.count {
            let entry = self.entries[self.head]
            switch entry.status {
            case .completed:
                actions.append(.deliver(entry.utterance))
            case .aside, .withdrawn:
                break
            case .open:
                // Whoever never completes must not hold back all the others for ever.
                // It is delivered late if it completes after all.
                guard self.entries.count - self.head > Self.patience else { return actions }
            }
            self.head += 1
        }
        return actions
    }
}
