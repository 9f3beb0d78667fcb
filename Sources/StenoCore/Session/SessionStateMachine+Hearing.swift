extension SessionStateMachine {
    /// What the ledger knows that the session must decide by.
    public struct Hearing: Hashable, Sendable {
        /// Utterances that are open right now.
        public var openUtterances: Int
        /// Speech after everything confirmed that still waits for its text.
        public var awaitsText: Bool
        public var hasConfirmedSpeech: Bool
        /// Where a new connection must begin; `nil` when everything sent is settled.
        public var replayStart: SamplePosition?

        public init(
            openUtterances: Int,
            awaitsText: Bool,
            hasConfirmedSpeech: Bool,
            replayStart: SamplePosition?
        ) {
            self.openUtterances = openUtterances
            self.awaitsText = awaitsText
            self.hasConfirmedSpeech = hasConfirmedSpeech
            self.replayStart = replayStart
        }

        var isSettled: Bool { self.openUtterances == 0 && !self.awaitsText }
    }
}

extension SessionStateMachine.Hearing {
    /// For events whose decision does not depend on it: nothing is settled, nothing is to be sent again.
    public static let unasked = SessionStateMachine.Hearing(
        openUtterances: 1,
        awaitsText: true,
        hasConfirmedSpeech: false,
        replayStart: nil
    )
}
