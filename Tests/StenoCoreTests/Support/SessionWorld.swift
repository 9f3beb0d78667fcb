import StenoCore

/// What a driver, a socket and a service would know, kept beside a session machine to catch it breaking a promise.
///
/// Every action and every piece on the wire is applied to it; what is impossible or forbidden becomes a violation.
struct SessionWorld {
    typealias Machine = SessionStateMachine

    private(set) var violations: [String] = []
    private(set) var isCreating = false
    private(set) var hasTicket = false
    private(set) var isDialling = false
    private(set) var isOpen = false
    private(set) var isReady = false
    private(set) var isClosed = false
    /// What there is of a connection that is to take over.
    private(set) var standby = Standby.none
    /// The next frame the present connection expects; `nil` until it was told where it begins.
    private var expected: SamplePosition?
    private var connectionStart = SamplePosition.zero
    private(set) var furthest = SamplePosition.zero
    private var silence: Int64 = 0
    private var summaries = 0
    private let policy: SessionPolicy

    init(_ policy: SessionPolicy) {
        self.policy = policy
    }

    mutating func apply(
        _ history: [(at: Duration, what: SessionRig.Happening)],
        of rig: SessionRig,
        available: SamplePosition
    ) {
        for entry in history {
            if self.isClosed { self.violations.append("\(entry.what) after closed") }
            switch entry.what {
            case .decided(let action): self.apply(action, at: entry.at, hearing: rig.hearing)
            case .sent(let send): self.apply(send, available: available)
            }
        }
    }

    private mutating func apply(_ action: Machine.Action, at now: Duration, hearing: Machine.Hearing) {
        switch action {
        case .createSession:
            self.require(!self.isCreating && !self.isDialling && !self.isOpen, "a session while another is in use")
            self.isCreating = true
        case .dial:
            self.require(
                self.hasTicket && !self.isDialling && !self.isOpen,
                "two connections, or one without a session"
            )
            (self.hasTicket, self.isDialling) = (false, true)
        case .begin(let position):
            self.require(self.isOpen && self.expected == nil, "began twice, or without a connection")
            self.require(position <= self.furthest, "skipped what was never sent")
            if let start = hearing.replayStart { self.require(position <= start, "left out unconfirmed speech") }
            (self.expected, self.connectionStart) = (position, position)
        case .subscribe, .pump:
            self.require(self.isReady, "\(action) before ready")
        case .ping:
            self.require(self.isOpen, "a ping without a connection")
        case .requestSummary:
            self.summaries += 1
            self.require(self.isReady && self.policy.wantsSummary, "a summary nobody asked for")
            self.require(hearing.hasConfirmedSpeech || self.summaries > 1, "a summary of nothing")
            self.require(self.summaries <= self.policy.summaryTries, "too many requests for a summary")
        case .schedule(let token, let deadline):
            self.require(deadline >= now, "\(token.timer) in the past")
        case .heard(let span):
            self.require(span.start == self.connectionStart && span.end == self.expected, "heard something else")
        case .abandon, .close:
            self.require(self.isOpen || self.isDialling, "\(action) without a connection")
            self.hungUp()
        case .createStandby:
            self.require(self.isReady && self.standby == .none, "a standby for nothing, or a second one")
            self.standby = .creating
        case .dialStandby:
            self.require(self.standby == .created, "a standby dialled without a session")
            self.standby = .dialling
        case .abandonStandby(let code):
            self.require(self.standby != .none, "let go of a standby that is not there")
            let standby = self.standby
            self.require((code == nil) == standby.isBeforeSocket, "closed \(standby) with \(code ?? 0)")
            self.standby = .none
        case .handOver:
            self.require(self.standby == .ready, "handed over to what is not ready")
            self.standby = .none
            (self.isOpen, self.isReady, self.expected, self.silence) = (true, true, nil, 0)
        case .summaryMissed:
            self.require(self.policy.wantsSummary, "missed a summary nobody asked for")
        case .report(.closed):
            self.require(!self.isOpen && !self.isDialling, "closed and left a connection behind")
            self.require(self.standby == .none, "closed and left a standby behind")
            self.isClosed = true
        case .report(.streaming):
            self.require(self.isOpen && self.expected != nil, "streaming without a beginning")
            self.isReady = true
        case .report:
            break
        }
    }

    private mutating func apply(_ send: Machine.Send, available: SamplePosition) {
        switch send {
        case .audio(let span):
            self.require(self.isReady && span.start == self.expected, "audio out of order, or before ready: \(span)")
            self.require(self.silence == 0, "audio after silence")
            self.require(!span.isEmpty && span.frames <= 16_000 && span.end <= available, "audio of no use: \(span)")
            self.expected = span.end
            self.furthest = max(self.furthest, span.end)
        case .silence(let frames):
            self.silence += frames
            self.require(self.isReady && self.expected != nil, "silence before ready")
            self.require(self.silence <= self.policy.drainSilence, "too much silence")
        case .wait, .nothing:
            break
        }
    }

    mutating func require(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { self.violations.append(violation()) }
    }
}

// MARK: - What the world does

extension SessionWorld {
    enum Standby {
        case none, creating, created, dialling, open, ready

        var isBeforeSocket: Bool { self == .creating || self == .created || self == .dialling }
    }

    mutating func standby(is standby: Standby) { self.standby = standby }

    mutating func answered(withTicket: Bool) {
        (self.isCreating, self.hasTicket) = (false, withTicket)
    }

    mutating func opened() {
        (self.isDialling, self.isOpen) = (false, true)
        (self.expected, self.silence) = (nil, 0)
    }

    mutating func hungUp() {
        (self.isDialling, self.isOpen, self.isReady) = (false, false, false)
    }
}
