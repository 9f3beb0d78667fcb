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
/// | any | interim, open id, now empty | same | taken back, until it has a text again |
/// | any | connection lost | listening | open utterances are kept aside, unconfirmed |
/// | any | completed over words of one kept aside | same | they leave it; without any left it is taken back |
/// | any | connection lost, open over words of one kept aside | same | likewise: the newer hearing stands for both |
/// | any | finish | finished | what is still open or aside is delivered, marked unconfirmed |
/// | finished | any | finished | ignored: the network owes us no order |
///
/// The cost of an update does not depend on how much was said before.
public struct TranscriptStateMachine: Sendable {
    public enum Action: Hashable, Sendable {
        /// The text of an utterance that is not final is now this.
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

    struct Entry: Sendable {
        enum Status { case open, completed, aside, withdrawn }
        var utterance: Utterance
        var status: Status
        var isShown = false
        /// The word times could be believed, so the span says where on the timeline it was spoken.
        var isPlaced = false
        /// How far audio had been sent when it was last heard of: it was spoken before.
        var latest = SamplePosition.zero
    }

    /// How many utterances wait for an earlier one to complete before they are delivered past it.
    public static let patience = 64
    /// Word times may run this far ahead of the audio sent, or lie before its beginning, before they are called wrong.
    static let timeTolerance = Int64(2 * SamplePosition.rate)

    public internal(set) var state: State = .listening
    /// In order of first appearance.
    var entries: [Entry] = []
    /// Ids of the present connection only: an older connection cannot speak any more.
    var indices: [String: Int] = [:]
    /// The first entry that was not delivered or passed over yet.
    var head = 0
    /// What lost connections left open and nothing has covered since.
    var aside: [Int] = []
    var connection = 0
    var isConnected = false
    var offset = SamplePosition.zero
    var filter = ReplayFilter.none
    /// What taking up a memory changed; told by `finish`.
    var unreported: [Action] = []

    public init() {}

    /// A connection will hear audio from `offset` on; its ids and times start again there.
    public mutating func connectionOpened(at offset: SamplePosition) {
        guard self.state != .finished else { return }
        // Nothing is left open where the loss of the former connection was told, so nothing is withheld here.
        var withheld: [Action] = []
        self.putOpenAside(into: &withheld)
        self.forgetWithdrawn()
        self.connection += 1
        self.isConnected = true
        self.offset = offset
        let reach = offset - ReplayFilter.edge
        // What could not be placed says nothing about where a word was heard before.
        self.filter = ReplayFilter(
            settled: self.entries.lazy
                .filter { $0.status == .completed && $0.isPlaced && $0.utterance.span.end > reach }
                .map(\.utterance)
        )
    }

    /// The connection is gone; nothing it left open will complete.
    public mutating func connectionLost() -> [Action] {
        guard self.state != .finished else { return [] }
        var actions: [Action] = []
        self.putOpenAside(into: &actions)
        self.isConnected = false
        return actions + self.deliverWhatIsDue()
    }

    /// - Parameter sent: the end of the audio that this connection was given so far.
    public mutating func received(_ update: TranscriptUpdate, sent: SamplePosition) -> [Action] {
        guard self.state != .finished else { return [] }
        // Nobody said where this connection began. The first one can only begin at the beginning.
        if !self.isConnected { self.connectionOpened(at: self.connection == 0 ? .zero : sent) }
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
        } else {
            self.show(index, into: &actions)
        }
        return actions
    }

    /// No recogniser will say anything more. What never completed is kept and marked unconfirmed.
    public mutating func finish() -> [Action] {
        guard self.state != .finished else { return [] }
        var actions = self.unreported
        self.unreported = []
        self.putOpenAside(into: &actions)
        let late = self.aside.sorted().filter { $0 < self.head }.map { self.entries[$0] }
        actions += (late + self.entries[self.head...]).compactMap { entry -> Action? in
            switch entry.status {
            case .completed, .aside: entry.utterance.text.isEmpty ? nil : .deliver(entry.utterance)
            case .open, .withdrawn: nil
            }
        }
        self.head = self.entries.count
        self.state = .finished
        return actions
    }

    /// Everything that was said, in the order of the timeline: completed utterances, and after `finish` also those that
    /// never completed. Costs a pass over the transcript.
    public var utterances: [Utterance] {
        self.timeline { $0.status == .completed || (self.state == .finished && $0.status == .aside) }
    }

    /// Some text was heard and never completed.
    public var hasUnconfirmedText: Bool {
        self.entries.contains { entry in
            (entry.status == .open || entry.status == .aside) && !entry.utterance.text.isEmpty
        }
    }

    /// Some text was heard, never completed, and nobody knows where it was spoken. Of what has a place the coverage says
    /// whether more is to be heard there.
    var hasTextWithoutPlace: Bool {
        self.entries.contains { entry in
            (entry.status == .open || entry.status == .aside) && !entry.isPlaced && !entry.utterance.text.isEmpty
        }
    }

    /// Where the utterances are spoken that are open now, as far as that is known.
    var openSpans: [AudioSpan] {
        guard self.openUtterances > 0 else { return [] }
        return self.indices.values.filter { self.entries[$0].status == .open }.sorted().map { self.entries[$0] }
            .filter { $0.isPlaced && !$0.utterance.text.isEmpty }
            .map(\.utterance.span)
    }

    /// No open utterance was spoken before this. One without a text or a place came after the one before it.
    var openStart: SamplePosition? {
        guard self.openUtterances > 0 else { return nil }
        return self.indices.values.lazy.map { self.entries[$0] }.filter { $0.status == .open }
            .map(\.utterance.span.start).min()
    }

    public var openUtterances: Int {
        if case .dictating(let open) = self.state { open } else { 0 }
    }
}
