import StenoCore

// The second look at everything a session decides: what is impossible or forbidden is broken.
extension Simulation {
    func watch(_ action: Session.Action) {
        guard let client = self.client else { return }
        self.require(.silentAfterEnd, !client.watch.isClosed, "\(action) after the end")
        let isConnected = client.line != nil
        switch action {
        case .createSession:
            self.require(.refusedStops, !client.isRefused, "another session after a refusal")
            self.require(.legalActions, !client.isCreating && !isConnected, "a session while another is in use")
        case .dial:
            self.require(.legalActions, client.hasTicket && !isConnected, "two connections, or one without a session")
        case .begin(let position): self.watchBegin(position, client)
        case .subscribe: self.require(.legalActions, client.watch.isReady, "subscribed before ready")
        case .pump: self.require(.legalActions, client.watch.isReady, "audio before ready")
        case .ping: self.require(.legalActions, isConnected, "a ping without a connection")
        case .abandon, .close: client.watch.isReady = false
        case .requestSummary:
            self.require(.legalActions, isConnected && client.watch.isReady, "a summary without a connection")
        case .schedule(let token, let deadline):
            self.require(.legalActions, deadline >= self.now, "\(token.timer) in the past")
            self.require(.memoryBounded, client.timers.count <= 9, "\(client.timers.count) timers")
        case .heard(let span):
            client.watch.isHeardOut = true
            self.require(
                .legalActions,
                span.start == client.watch.connectionStart && span.end == client.watch.expected,
                "heard \(span), but got from \(client.watch.connectionStart) to \(String(describing: client.watch.expected))"
            )
        case .createStandby, .dialStandby:
            self.require(.legalActions, isConnected && client.watch.isReady, "\(action) without a connection")
        case .abandonStandby: self.require(.legalActions, client.standby != nil, "no standby to leave")
        case .handOver:
            self.require(.legalActions, client.standby?.line != nil, "nobody to hand over to")
            client.watch.isReady = true
        case .summaryMissed: self.require(.legalActions, self.plan.policy.wantsSummary, "missed a summary nobody wants")
        case .report(let state): self.watchState(state, client)
        }
    }

    private func watchState(_ state: Session.State, _ client: Client) {
        switch state {
        case .waiting(let until):
            let bound = max(client.machine.policyBound, .seconds(600))
            self.require(.backOffBounded, until - self.now <= bound, "waits \((until - self.now).inSeconds) s")
            client.watch.isReady = false
        case .streaming:
            client.watch.isReady = true
            client.watch.readySince = self.now
            client.watch.levelAt = self.now
            client.watch.level = 0
        case .closed(let reason):
            client.watch.isClosed = true
            client.isRefused = client.isRefused || reason == .refused
        case .awaitingReady, .creatingSession, .dialling: client.watch.isReady = false
        case .idle, .draining, .summarising: break
        }
    }

    private func watchBegin(_ position: SamplePosition, _ client: Client) {
        client.watch.expected = position
        client.watch.connectionStart = position
        client.watch.silence = 0
        client.watch.total = 0
        // After a hand-over it is ready already.
        client.watch.readySince = self.now
        client.watch.levelAt = self.now
        client.watch.level = 0
        client.watch.lastFinalEnd = position
        client.watch.isHeardOut = false
        let coverage = client.ledger.coverage
        self.require(.replayStart, position <= client.machine.furthest, "begins behind what was never sent")
        let sent = SpanSet(CollectionOfOne(AudioSpan(start: .zero, end: coverage.total))).subtracting(coverage.unsent)
        let unsettled = coverage.unsettled
        guard !coverage.isAnythingGivenUp else { return }
        for word in self.speech.words where word.span.start < position {
            let middle = word.span.midpoint
            guard sent.contains(middle), unsettled.contains(middle) else { continue }
            self.broken(.replayStart, "begins at \(position.seconds), behind unconfirmed \(word.span.start.seconds)")
            break
        }
    }

    /// The connection is gone: what it was given after its last text, it was given in vain.
    func watchBroken(_ client: Client) {
        defer { client.watch.expected = nil }
        guard let end = client.watch.expected, !client.watch.isHeardOut else { return }
        // Audio goes out in order: speech that is still worth a hearing brings with it all that comes after.
        var isWorthwhile = false
        for word in self.speech.words where client.watch.connectionStart <= word.span.start && word.span.end <= end {
            let times = self.oracle.broken[word.span.start, default: 0]
            if times <= CoverageStateMachine.replayLimit { isWorthwhile = true }
            guard client.watch.lastFinalEnd <= word.span.start else { continue }
            self.oracle.broken[word.span.start] = times + 1
            self.require(
                .replaysBounded,
                isWorthwhile,
                "w\(word.name) at \(word.span.start.seconds), \(times + 1) times"
            )
        }
    }

    func watchSent(_ span: AudioSpan) {
        guard let client = self.client else { return }
        self.require(
            .inOrder,
            client.watch.isReady && span.start == client.watch.expected && client.watch.silence == 0 && !span.isEmpty
                && span.frames <= Int64(SamplePosition.rate) && span.end <= self.recording.end,
            "sent \(span) and not from \(String(describing: client.watch.expected))"
        )
        client.watch.expected = span.end
        client.watch.total += span.frames
        self.watchPace(span, client)
    }

    private func watchPace(_ span: AudioSpan, _ client: Client) {
        let rate: Double
        let piece = 1_600.0
        switch client.pace {
        case .unlimited: return
        case .realTime(let speed, let catchUp):
            rate = max(speed, catchUp)
            let allowed = (self.now - client.watch.readySince).inSeconds * rate * 16_000 + 2
            self.require(.paced, Double(client.watch.total) <= allowed, "\(client.watch.total) frames of \(allowed)")
        case .following(let catchUp):
            rate = max(catchUp, 1.001)
            let passed = (self.now - client.watch.levelAt).inSeconds
            client.watch.levelAt = self.now
            client.watch.level = max(0, client.watch.level - passed * rate * 16_000) + Double(span.frames)
            let bound = 16_000 + 2 * piece
            self.require(.paced, client.watch.level <= bound, "\(client.watch.level) frames too early")
        }
    }

    func watchSilence(_ frames: Int64) {
        guard let client = self.client else { return }
        client.watch.silence += frames
        self.require(.inOrder, client.watch.isReady, "silence before ready")
        self.require(.legalActions, client.watch.silence <= self.plan.policy.drainSilence, "too much silence")
    }

    func watch(_ action: TranscriptStateMachine.Action) {
        switch action {
        case .complete(let utterance):
            self.require(.deliveredOnce, utterance.isConfirmed && !utterance.text.isEmpty, "completed a draft")
            guard self.plan.vocabulary == nil, !utterance.isDoubtful, !self.oracle.hasUnplaced else { return }
            Oracle.names(in: utterance.text) { name in
                self.oracle.tell(name)
                self.require(.wordOnce, self.oracle.told[name] < 2, "w\(name) in \(utterance.id)")
            }
        case .confirm(let span):
            if let client = self.client {
                client.watch.lastFinalEnd = max(client.watch.lastFinalEnd, span.end)
                self.require(
                    .coverageTrue,
                    !span.isEmpty && span.start >= client.watch.connectionStart && span.end <= client.machine.sent,
                    "confirmed \(span), which was not sent"
                )
            }
            self.noteCoverage(.confirmed)
        case .show, .withdraw, .deliver, .note: break
        }
    }

    /// Coverage by itself: the states are disjoint, sum to the total, and the total only grows.
    func checkCoverage() {
        guard let coverage = self.client?.ledger.coverage else { return }
        let totals = coverage.totals
        self.require(
            .statesSum,
            totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total
                && totals.confirmed >= 0 && totals.silent >= 0 && totals.unconfirmed >= 0 && totals.missing >= 0
                && totals.sent <= totals.total,
            "\(totals)"
        )
        self.require(
            .timelineGrows,
            coverage.total >= self.oracle.total,
            "from \(self.oracle.total) to \(coverage.total)"
        )
        self.require(.timelineGrows, coverage.total <= self.recording.end, "longer than the recording")
        self.oracle.total = coverage.total
        // Twice as many spans as there are utterances, noises and gaps: they do not pile up.
        let bound = 4 * (self.speech.sounds.count + self.recording.gaps.count + 8)
        self.require(.memoryBounded, coverage.unconfirmed.spans.count <= bound, "unconfirmed spans")
        self.require(.memoryBounded, coverage.confirmed.spans.count <= bound, "confirmed spans")
    }
}

extension SessionStateMachine {
    /// The longest pause that it makes by itself.
    var policyBound: Duration { .seconds(30) }
}

extension CoverageStateMachine {
    /// Connections broke on some speech so often that it is not sent again.
    var isAnythingGivenUp: Bool { self.memory.broken.last.map { !$0.isEmpty } ?? false }
}
