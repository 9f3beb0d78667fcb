/// Decides what a session with a live recogniser does next: connect, wait for `ready`, send, notice a dead peer, send
/// again what was not confirmed, drain, ask for the summary, close.
///
/// | state | event | next | action |
/// | --- | --- | --- | --- |
/// | idle | start | creatingSession | create a session |
/// | creatingSession | created | dialling | dial |
/// | creatingSession | refused (401, 403) | closed(refused) | – |
/// | creatingSession | wrong request (400, 404, 415) | closed(misconfigured) | – |
/// | creatingSession | throttled, transient | waiting | timer; `Retry-After` is honoured |
/// | dialling | opened | awaitingReady | begin where unconfirmed speech does; timer, pings begin |
/// | dialling | refused 400 | closed(misconfigured) | – |
/// | dialling | refused 401, 403, 404, 410 | creatingSession once, then closed(refused) | create a session |
/// | dialling | refused 429, 5xx | waiting | timer; `Retry-After` is honoured |
/// | dialling | anything else | creatingSession once, then waiting | – |
/// | awaitingReady | ready | streaming | subscribe if wanted; send |
/// | awaitingReady | limit | waiting | close 1000 |
/// | streaming | all audio sent and no more will come, or stop | draining | send silence |
/// | awaitingReady, streaming, draining | lost, closed, dead peer | waiting | rewind to unconfirmed speech |
/// | awaitingReady, streaming, draining | closed as refused, for the third time running | closed(refused) | – |
/// | streaming, draining | lost, all was sent and nothing is awaited any more | closed(finished) | – |
/// | streaming | the connection nears its limit | streaming | a standby: create a session, dial, wait for ready |
/// | streaming | standby ready and nothing awaited, or the limit | streaming | it takes over at the replay; close 1000 |
/// | streaming | standby failed, refused, closed, too late | streaming | timer, another try; counts for nothing |
/// | streaming | lost, and the standby is ready | streaming | it takes over at once |
/// | draining | everything said is confirmed, or a limit | summarising or closed | ask for the summary, or close 1000 |
/// | summarising | summary, or limits, or lost | closed(finished) | close 1000 |
/// | waiting | timer | creatingSession | create a session |
/// | waiting | stop | waiting | one more try, at once |
/// | any but draining, summarising, closed | the limit of a stop | closed(finished) | close 1000 |
/// | any but closed | no connection of use for `giveUp` | closed(gaveUp) | close |
/// | any but closed | stop at once | closed(stopped) | abort |
/// | closed | any | closed | ignored: timers and sockets may be late |
///
/// Sans-IO: no clock, no randomness but a seeded one, no socket. `now` is any monotonic clock, always the same one.
/// Timers carry a generation; one of an earlier generation is stale and ignored.
public struct SessionStateMachine: Sendable {
    public enum State: Hashable, Sendable {
        case idle
        case creatingSession
        case dialling
        case awaitingReady
        case streaming
        case draining
        case summarising
        case waiting(until: Duration)
        case closed(Reason)
    }

    public enum Reason: Hashable, Sendable {
        /// All audio was sent, and the drain ended in order or at its limit.
        case finished(Drain)
        /// The service does not accept our credentials or our session.
        case refused
        /// Our request is wrong, or the address is.
        case misconfigured
        /// There was no connection of use for as long as we were told to try.
        case gaveUp
        /// Stopped at once by the person.
        case stopped
    }

    public enum Drain: Hashable, Sendable {
        /// Every detected word has its completed utterance, or the server was heard out to the end.
        case complete
        /// The limit came first; what was open is kept, unconfirmed.
        case limitReached
    }

    /// Why no session could be created. The classes of `juvoly.md` §12.1.
    public enum CreationFailure: Hashable, Sendable {
        case refused
        case wrongRequest
        case throttled(retryAfter: Duration?)
        case transient
    }

    /// Why a socket did not open.
    public enum DialFailure: Hashable, Sendable {
        case status(Int, retryAfter: Duration?)
        /// Network, TLS, time-out, or an answer that is not a proper upgrade.
        case other
    }

    /// For a piece that turns out not to be there.
    struct BeforePiece: Sendable {
        var furthest: SamplePosition
        var pacer: SessionPacer
        var lastOutrun: Duration?
    }

    public internal(set) var state: State = .idle
    let policy: SessionPolicy
    var random: SplitMix64

    var generation: UInt64 = 0
    var tokens: [Timer: UInt64] = [:]

    // Trying to connect.
    /// When the session was started; what `speed` counts from.
    var began: Duration = .zero
    /// What a speaker was saying then: everything before it was sent by an earlier session.
    var origin = SamplePosition.zero
    var attempt = 0
    var hasRetriedAtOnce = false
    var refusedHandshakes = 0
    var refusalsRunning = 0
    /// A close that looked like a refusal and was put down to speed instead. Counts after all if going slowly ends
    /// alike.
    var pardonedRefusals = 0
    var isCautious = false
    /// Since when there was no connection of use; `nil` while that is not counted.
    var withoutServiceSince: Duration?
    /// A service that throttles us is not asked before this.
    var notBefore: Duration = .zero

    // The present connection.
    var opened: Duration = .zero
    var readySince: Duration = .zero
    /// Something came from the server after `ready`, be it a pong.
    var wasOfUse = false
    var lastMessage: Duration = .zero
    var pongAwaited = false
    var isWritable = true
    var pacer: SessionPacer?
    /// When audio last left faster than it was said.
    var lastOutrun: Duration?
    /// What the last piece changed.
    var beforePiece: BeforePiece?
    /// Where the present connection began.
    public internal(set) var connectionStart = SamplePosition.zero

    // The connection that is to take over.
    var standby = Standby.none
    var standbyAttempt = 0
    var standbyOpened: Duration = .zero
    /// How long connections are known to last.
    var limit: ConnectionLimit

    // The audio.
    /// The next frame to send.
    var cursor = SamplePosition.zero
    /// The end of what was ever sent on any connection.
    public internal(set) var furthest = SamplePosition.zero
    var available = SamplePosition.zero
    var hasEnded = false
    var isFrozen = false

    // The end.
    /// Set by a stop: the drain is over by then.
    var stopDeadline: Duration?
    var drainBegan: Duration = .zero
    var silenceSent: Int64 = 0
    /// The ping that is under way came behind the silence.
    var pingFollowsSilence = false
    /// A pong came for such a ping: everything before it was heard.
    var isSilenceHeard = false
    var drainOutcome: Drain = .complete
    var summaryTries = 0

    public init(policy: SessionPolicy, seed: UInt64) {
        self.policy = policy
        self.limit = ConnectionLimit(told: policy.connectionLimit)
        self.random = SplitMix64(seed: seed)
    }

    /// The present connection was given audio up to here.
    public var sent: SamplePosition { self.cursor }

    public var isClosed: Bool {
        if case .closed = self.state { true } else { false }
    }

    var isConnected: Bool {
        switch self.state {
        case .awaitingReady, .streaming, .draining, .summarising: true
        case .idle, .creatingSession, .dialling, .waiting, .closed: false
        }
    }

    /// A connection that can be given audio or was given all of it.
    var isReady: Bool {
        switch self.state {
        case .streaming, .draining, .summarising: true
        case .idle, .creatingSession, .dialling, .awaitingReady, .waiting, .closed: false
        }
    }
}

extension SessionStateMachine {
    mutating func enter(_ state: State) -> [Action] {
        self.state = state
        return [.report(state)]
    }

    /// Ends the session. What is connected must have been told before.
    mutating func finish(_ reason: Reason) -> [Action] {
        let standby = self.dropStandby()
        self.tokens.removeAll()
        return standby + self.enter(.closed(reason))
    }

    /// Lets go of the connection, or of the attempt at one, if there is any.
    func abandon(closeCode: UInt16?) -> [Action] {
        if case .dialling = self.state { return [.abandon(closeCode: nil)] }
        return self.isConnected ? [.abandon(closeCode: closeCode)] : []
    }
}
