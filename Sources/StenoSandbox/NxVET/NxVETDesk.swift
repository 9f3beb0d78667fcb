import NIOCore
import Synchronization

/// The state of the NxVET stand-in: labels, conversations, and how often each thing was asked for.
final class NxVETDesk: Sendable {
    /// Labels, and as many conversations, that are kept; the oldest is forgotten first.
    static let limit = 10_000

    /// What `@N` of a switch counts.
    enum Counter: Hashable, Sendable {
        case requests, identities, lists, devices, devicePaths, views, assignments, templates, records, regenerations
        case conversationLists, conversationRows, conversationViews, timelines, previews, creations, completions, audio
    }

    private struct State {
        var labels: [String: StoredLabel] = [:]
        /// Ids in order of creation.
        var labelOrder: [String] = []
        var conversations: [String: StoredConversation] = [:]
        var conversationOrder: [String] = []
        var made = 0
        var counts: [Counter: Int] = [:]
        var tally = NxVETTally()
    }

    let faults: NxVETFaults
    let configuration: SandboxConfiguration
    let webhooks: WebhookSender
    private let start: NIODeadline
    /// Milliseconds since 1970, at the start.
    private let startTime: Int
    private let state: Mutex<State>

    init(faults: NxVETFaults, configuration: SandboxConfiguration, webhooks: WebhookSender) {
        self.faults = faults
        self.webhooks = webhooks
        self.configuration = configuration
        self.start = configuration.clock()
        self.startTime = WallTime.secondsSince1970() * 1_000
        var state = State()
        let ready = Self.moment(after: faults.contentDelay.value(at: 1), from: self.start)
        for label in NxVETFixtures.labels(start: self.start, ready: ready) {
            state.labels[label.id] = label
            state.labelOrder.append(label.id)
        }
        for conversation in NxVETFixtures.conversations() {
            state.conversations[conversation.id] = conversation
            state.conversationOrder.append(conversation.id)
        }
        self.state = Mutex(state)
    }

    var now: NIODeadline { self.configuration.clock() }
    /// Milliseconds since 1970, as far as the sandbox's clock went on.
    var time: Int { self.startTime + Int((self.now - self.start).nanoseconds / 1_000_000) }
    var tally: NxVETTally { self.state.withLock { $0.tally } }

    func count(_ counter: Counter) -> Int {
        self.state.withLock {
            $0.counts[counter, default: 0] += 1
            return $0.counts[counter, default: 1]
        }
    }

    func tally(_ change: (inout NxVETTally) -> Void) { self.state.withLock { change(&$0.tally) } }

    /// When content is there that is begun now.
    func moment(after delay: NxVETFaults.ContentDelay) -> StoredLabel.Moment {
        Self.moment(after: delay, from: self.now)
    }

    private static func moment(after delay: NxVETFaults.ContentDelay, from start: NIODeadline) -> StoredLabel.Moment {
        switch delay {
        case .never: .never
        case .after(let time): .at(start + .nanoseconds(time.nanoseconds))
        }
    }

    // MARK: - Labels

    /// Those that have arrived, in order of creation.
    var labels: [StoredLabel] {
        let now = self.now
        return self.state.withLock { state in
            state.labelOrder.compactMap { state.labels[$0] }.filter { $0.shown <= now }
        }
    }

    func label(_ id: String) -> StoredLabel? {
        let now = self.now
        return self.state.withLock { $0.labels[id] }.flatMap { $0.shown <= now ? $0 : nil }
    }

    func addLabel(_ make: (_ id: String) -> StoredLabel) -> StoredLabel {
        let time = self.time
        return self.state.withLock { state in
            state.made += 1
            let series = self.configuration.noteSeries
            let label = make(NxVETFixtures.id(milliseconds: time, series: series, number: state.made))
            state.labels[label.id] = label
            state.labelOrder.append(label.id)
            if state.labelOrder.count > Self.limit { state.labels[state.labelOrder.removeFirst()] = nil }
            return label
        }
    }

    func updateLabel(_ id: String, _ change: (inout StoredLabel) -> Void) {
        self.state.withLock { state in
            guard var label = state.labels[id] else { return }
            change(&label)
            state.labels[id] = label
        }
    }

    // MARK: - Conversations

    /// The newest first.
    var conversations: [StoredConversation] {
        self.state.withLock { state in state.conversationOrder.reversed().compactMap { state.conversations[$0] } }
    }

    func conversation(_ id: String) -> StoredConversation? { self.state.withLock { $0.conversations[id] } }

    func addConversation(_ make: (_ id: String) -> StoredConversation) -> StoredConversation {
        let time = self.time
        return self.state.withLock { state in
            state.made += 1
            let series = self.configuration.noteSeries
            let conversation = make(NxVETFixtures.id(milliseconds: time, series: series, number: state.made))
            state.conversations[conversation.id] = conversation
            state.conversationOrder.append(conversation.id)
            if state.conversationOrder.count > Self.limit {
                state.conversations[state.conversationOrder.removeFirst()] = nil
            }
            return conversation
        }
    }

    /// - Returns: whether it was open, and is completed by this call.
    func complete(_ id: String, _ outcome: NxVETFaults.Outcome) -> Bool {
        let now = self.now
        return self.state.withLock { state in
            guard state.conversations[id]?.isOpen == true else { return false }
            state.conversations[id]?.life = .completed(at: now, outcome)
            state.tally.completions += 1
            return true
        }
    }

    func status(of conversation: StoredConversation) -> StoredConversation.Status {
        conversation.status(
            at: self.now,
            pending: self.configuration.pendingTime,
            processing: self.configuration.processingTime
        )
    }
}
