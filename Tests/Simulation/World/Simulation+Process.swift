import StenoCore

// What a person does, and what becomes of processes.
extension Simulation {
    func personStops() {
        guard let client = self.client else { return }
        switch self.plan.source {
        case .file:
            guard !client.isConcluded, self.life == 1 else { return }
            self.stopSession(client, atOnce: self.plan.ending == .atOnce)
        case .microphone:
            guard self.microphone.isRunning else { return }
            self.stopCapture()
            if self.plan.ending == .atOnce {
                self.stopSession(client, atOnce: true)
            } else if self.random.happens(50) {
                self.agenda.plan(.personGivesUp(life: self.life), at: self.now + .seconds(60))
            }
        }
    }

    /// What is not there after a minute is left for later.
    func personGivesUp(_ life: Int) {
        guard life == self.life, let client = self.client, !client.isConcluded else { return }
        self.stopSession(client, atOnce: false)
    }

    private func stopSession(_ client: Client, atOnce: Bool) {
        guard !client.isConcluded else { return }
        client.watch.hasStopped = true
        self.noteSession(atOnce ? .stopAtOnce : .stop)
        self.perform(
            atOnce
                ? client.machine.stopAtOnce(now: self.now)
                : client.machine.stopRequested(now: self.now, discardingUnsent: self.plan.discardsUnsent)
        )
    }

    /// Everything in memory is gone, in the middle of whatever it was doing.
    func processDies() {
        guard self.client != nil, !self.isOver, self.life < Self.lifeLimit - 1 else { return }
        self.note(.store, self.storeState, Reached.StoreEvent.died)
        self.checkLoss()
        // The commit under way may have made it, and nobody was told.
        if self.recording.committing != nil, self.random.happens(50) { self.committed(self.life) }
        let promised = self.recording.promised
        self.store.die()
        self.require(.durableStays, self.store.durable >= promised, "\(promised - self.store.durable) frames are gone")
        self.client = nil
        self.paused = .zero
        self.lines.removeAll()
        self.oracle.processDied()
        self.microphone.isRunning = false
        self.life += 1
        self.agenda.plan(.restarted, at: self.now + self.random.seconds(0.1...20))
    }

    /// What dies with a process: the row that was being filled, the period that was just handed over, and what came
    /// while a commit took its time.
    private func checkLoss() {
        guard self.plan.source == .microphone else { return }
        let span = AudioSpan(start: self.store.durable, end: self.recording.end)
        let lost = span.frames - SpanSet(self.recording.holes.map(\.span)).frames(in: span)
        var bound = Self.rowFrames
        if let since = self.recording.busySince {
            // A thread that wakes up late hands over a little more.
            let late = Int64(self.plan.periodFrames) + SamplePosition(seconds: 0.06).frames
            let held = min(self.recording.stalled.nanoseconds / 62_500, Int64(self.microphone.card.timing.bufferFrames))
            bound += late + held + (self.now - since).nanoseconds / 62_500
        }
        self.require(.lossBounded, lost <= bound, "\(lost) frames are gone, of \(bound) at most")
    }

    /// Another process opens what is there. A dictation may go on; a recording that has ended is delivered.
    func restarted() {
        guard self.client == nil else { return }
        self.note(.store, self.storeState, Reached.StoreEvent.resumed)
        // Somebody made room, or there would be no going on.
        self.store.isFull = false
        var memory = self.store.memory(self.speech.sounds)
        let goesOn =
            self.plan.source == .microphone && !self.recording.isComplete && self.life == 2 && self.random.happens(50)
        if goesOn { self.skipWhatWasUnderstood(&memory) }
        self.reopenRecording(isComplete: !goesOn)
        if goesOn { self.speech.goOn(from: self.recording.end, seconds: 8, using: &self.random) }
        self.store.sounds = self.speech.sounds
        self.resume(memory)
        if goesOn {
            self.microphone.card.close()
            self.startCapture()
            let rest = Duration.lasting(self.speech.end - self.recording.end)
            self.agenda.plan(.personStops, at: self.now + rest + .seconds(1))
        }
    }

    /// A recogniser may have been ahead of the disk: other words must not get the place of what it understood.
    private func skipWhatWasUnderstood(_ memory: inout RecordingMemory) {
        let end = memory.utterances.map(\.span.end).max() ?? .zero
        guard end > self.store.durable else { return }
        try? self.store.missed(AudioGap(AudioSpan(start: self.store.durable, end: end), cause: .unreadable))
        memory = self.store.memory(self.speech.sounds)
    }

    private func reopenRecording(isComplete: Bool) {
        let durable = self.store.durable
        var recording = Recording(ringFrames: self.recording.ringFrames)
        recording.end = durable
        recording.recorded = durable
        recording.promised = durable
        recording.isComplete = isComplete
        let holes = (self.recording.gaps + self.recording.holes).filter { $0.span.start < durable }
        let there = AudioSpan(start: .zero, end: durable)
        recording.gaps = self.store.missing.spans.map { span in
            AudioGap(span, cause: holes.first { $0.span.overlaps(span) }?.cause ?? .unreadable)
        }
        for span in self.store.missing.spans where !there.contains(span.start) {
            self.broken(.everySampleSomewhere, "a gap beyond the end: \(span)")
        }
        self.log(
            "life \(self.life) opens \(durable.seconds) s, missing \(recording.gaps.map { ($0.span.start.seconds, $0.span.end.seconds) })"
        )
        self.recording = recording
        if isComplete { self.speech.cut(at: durable) }
    }

    private func resume(_ memory: RecordingMemory) {
        var policy = self.plan.policy
        if self.recording.isComplete {
            policy.pace = self.random.pick(.unlimited, .live)
            policy.giveUp = self.isHealed ? .seconds(60) : nil
        }
        self.oracle.resume(memory)
        self.begin(Client(life: self.life, policy: policy, seed: self.random.next(), resuming: memory))
        self.noteTranscript(.resumed)
        self.noteCoverage(.resumed)
        self.rang(self.client)
        self.startSession()
    }

    /// A session is over. What it left open is for a later process.
    func concluded(_ client: Client, _ reason: Session.Reason) {
        self.log("life \(self.life) ended: \(reason), complete: \(client.ledger.isComplete)")
        self.judge(client, reason)
        guard self.violations.isEmpty else { return }
        if client.ledger.isComplete, self.recording.isComplete, reason != .stopped || self.isHealed {
            self.isOver = true
            return
        }
        guard self.life < Self.lifeLimit else {
            self.isOver = true
            return
        }
        // The recorder goes on until the person stops, and brings the rest to the disk.
        let wait = self.microphone.isRunning ? self.began + .seconds(200) - self.now : .seconds(1)
        let start = max(self.now + max(wait, .seconds(1)), self.began + self.plan.heals + .seconds(1))
        self.agenda.plan(.handedOver, at: start)
    }

    /// The process ended; a later one delivers the recording.
    func handedOver() {
        guard self.client?.isConcluded == true, !self.isOver else { return }
        if self.microphone.isRunning {
            self.stopCapture()
            // It may still read what was captured before.
            guard !self.microphone.isRunning else { return self.agenda.plan(.handedOver, at: self.now + .seconds(1)) }
        }
        if self.recording.recorded < self.recording.end || self.store.waiting > 0 {
            self.store.isFull = false
            self.recording.committing = nil
            while self.recording.recorded < self.recording.end, self.violations.isEmpty {
                self.recording.committing = self.now
                self.committed(self.life)
                self.recording.committing = nil
            }
            try? self.store.settle()
        }
        self.store.finish()
        self.require(.refusedStops, self.store.durable == self.recording.end, "the recording did not go on to its end")
        self.store.die()
        self.client = nil
        self.life += 1
        self.restarted()
    }
}
