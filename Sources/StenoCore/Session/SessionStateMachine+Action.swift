extension SessionStateMachine {
    public enum Timer: Hashable, Sendable {
        case ready, ping, pong, retry, drain, summary, giveUp
        /// The present connection nears its limit: a standby is due, and then the hand-over itself.
        case handOver
        /// The standby's own: how long it may take to be ready, and how long it waits for another try.
        case standby
    }

    public struct TimerToken: Hashable, Sendable {
        public let timer: Timer
        let generation: UInt64
    }

    public enum Action: Hashable, Sendable {
        case createSession
        case dial
        /// Ask for codings, resources and measurements on this connection.
        case subscribe
        /// A connection is open: once it is ready, it will hear audio from here on.
        case begin(at: SamplePosition)
        /// Call `nextSend` until it says wait or nothing.
        case pump
        case ping
        case requestSummary
        case schedule(TimerToken, at: Duration)
        /// The connection, or the attempt at one, is of no use any more; what it left open will not complete.
        case abandon(closeCode: UInt16?)
        /// The connection listened to all of this before it ended in order.
        case heard(AudioSpan)
        case close
        /// Create a session for a second connection, which is to take over from the present one.
        case createStandby
        case dialStandby
        /// The second connection, or the attempt at one, is of no use any more. The present one stays as it is.
        case abandonStandby(closeCode: UInt16?)
        /// Leave the present connection, if there still is one, and close it in order: the standby takes its place. Say
        /// `handedOver` then, with what the ledger knows after that.
        case handOver
        /// The summary that was asked for will not come.
        case summaryMissed
        case report(State)
    }

    public enum Send: Hashable, Sendable {
        case audio(AudioSpan)
        /// This many zeros, so that the service finds the end of the last utterance.
        case silence(frames: Int64)
        case wait(until: Duration)
        /// Nothing to send until an event changes that.
        case nothing
    }
}
