import StenoCore

/// One process's session: what `JuvolySession` holds, without socket and event loop. It decides nothing.
final class Client {
    typealias Machine = SessionStateMachine

    let life: Int
    let pace: SessionPolicy.Pace
    /// Ids of the present connection: whether they are complete.
    var ids: [String: Bool] = [:]
    var machine: Machine
    var ledger: RecordingLedger
    var gaps = GapTally()
    /// The socket in use.
    var line: Int?
    /// The connection that is to take over, or what there is of it.
    var standby: Standby?
    /// What was scheduled last of each kind: a driver cancels what came before.
    var timers: [Machine.Timer: Machine.TimerToken] = [:]
    var pumpTurn = 0
    var isPumping = false
    var hasTicket = false
    var isCreating = false
    var isSummaryMissing = false
    /// Everything before this was listened to.
    var listened: SamplePosition
    /// Where this process began to listen.
    private let heard: SamplePosition
    private var nextSound = 0
    private var hasListenedToAll = false
    var lastCoverage = Duration.zero
    /// Where the coverage stood when it was last looked at, for the table of pairs.
    var coverageState = 0
    var isConcluded = false
    var isRefused = false

    // What the promises are checked by.
    var watch = Watch()

    init(life: Int, policy: SessionPolicy, seed: UInt64, resuming memory: RecordingMemory?) {
        self.life = life
        self.pace = policy.pace
        self.machine = Machine(policy: policy, seed: seed)
        self.ledger = memory.map(RecordingLedger.init(resuming:)) ?? RecordingLedger()
        // What comes before a replay was listened to when it was recorded.
        self.heard = self.ledger.beginning
        self.listened = self.heard
    }

    /// The detector finds the end of a sound a second after it; until then it does not know.
    ///
    /// - Returns: it found one.
    @discardableResult
    func listen(upTo position: SamplePosition, isLast: Bool, _ speech: Speech) -> Bool {
        guard position > self.listened || isLast else { return false }
        let first = self.nextSound
        self.listened = max(self.listened, position)
        while self.nextSound < speech.sounds.count {
            let sound = speech.sounds[self.nextSound]
            guard speech.decided(sound, at: self.listened, isLast: isLast), sound.start < self.listened else { break }
            self.ledger.spoke(self.present(sound))
            self.nextSound += 1
        }
        if isLast {
            self.hasListenedToAll = true
            self.ledger.mayHaveSpoken([])
        }
        return self.nextSound > first
    }

    func tellTentative(_ speech: Speech) {
        guard !self.hasListenedToAll else { return }
        var spans: [AudioSpan] = []
        var index = self.nextSound
        while index < speech.sounds.count, speech.sounds[index].start < self.listened {
            spans.append(self.present(speech.sounds[index]))
            index += 1
        }
        self.ledger.mayHaveSpoken(spans)
    }

    /// As much of a sound as was heard here.
    private func present(_ sound: AudioSpan) -> AudioSpan {
        sound.clamped(to: AudioSpan(start: self.heard, end: self.listened))
    }

    struct Standby {
        /// Unlike that of any earlier one.
        let number: Int
        var line: Int?
    }

    /// What the second look at a connection knows.
    struct Watch {
        var expected: SamplePosition?
        var connectionStart = SamplePosition.zero
        var silence: Int64 = 0
        var readySince = Duration.zero
        /// Frames that may leave at once less than now, for a pace that follows.
        var level = 0.0
        var levelAt = Duration.zero
        var total: Int64 = 0
        var lastFinalEnd = SamplePosition.zero
        var sessions = 0
        var standbys = 0
        var hasStopped = false
        /// The present connection ended in order.
        var isHeardOut = false
        var isReady = false
        var isClosed = false
    }
}
