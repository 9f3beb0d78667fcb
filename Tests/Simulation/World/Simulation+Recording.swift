import StenoCore

/// What was captured, and how far it is on the disk: what the rings and the recorder's thread know.
struct Recording {
    /// The end of the timeline.
    var end = SamplePosition.zero
    var isComplete = false
    /// What a session is told of. Only the last may grow.
    var gaps: [AudioGap] = []
    /// What the recorder hands over as missing: the above, and what its ring could not hold.
    var holes: [AudioGap] = []
    /// Everything before this was handed to the store.
    var recorded = SamplePosition.zero
    var firstHole = 0
    let ringFrames: Int64
    /// A commit is under way since then.
    var committing: Duration?
    /// The recorder has had something to write ever since.
    var busySince: Duration?
    /// So long the process got no time, and the recorder has not caught up yet with what the card held meanwhile.
    var stalled = Duration.zero
    /// What the session was told last.
    var rung = Duration.zero
    var isRinging = false
    /// The most that was ever told to be durable.
    var promised = SamplePosition.zero

    init(ringFrames: Int64) {
        self.ringFrames = ringFrames
    }

    mutating func add(_ gap: AudioGap, to list: WritableKeyPath<Recording, [AudioGap]>) {
        if let last = self[keyPath: list].last, last.cause == gap.cause, last.span.end == gap.span.start {
            self[keyPath: list][self[keyPath: list].count - 1].span.end = gap.span.end
        } else {
            self[keyPath: list].append(gap)
        }
    }
}

extension Simulation {
    static let rowFrames = Int64(SamplePosition.rate / 4)

    /// All of a file is there at once.
    func storeFile() {
        while self.recording.recorded < self.recording.end {
            let span = AudioSpan(
                start: self.recording.recorded,
                end: min(self.recording.end, self.recording.recorded + Self.rowFrames)
            )
            try? self.store.append(span)
            self.recording.recorded = span.end
        }
        self.recording.promised = self.store.durable
    }

    func captured(_ frames: Int64) {
        let span = AudioSpan(start: self.recording.end, end: self.recording.end + frames)
        self.recording.end = span.end
        // What the ring has no room for is missing from the recording, and measured.
        if span.end - self.recording.recorded > self.recording.ringFrames {
            self.recording.add(AudioGap(span, cause: .diskStalled), to: \.holes)
        }
        self.grew()
    }

    func missedCapture(_ frames: Int64, _ cause: AudioGap.Cause) {
        let span = AudioSpan(start: self.recording.end, end: self.recording.end + frames)
        self.recording.end = span.end
        self.recording.add(AudioGap(span, cause: cause), to: \.gaps)
        self.recording.add(AudioGap(span, cause: cause), to: \.holes)
        self.grew()
    }

    /// The session is woken ten times a second at most; the recorder with each row.
    private func grew() {
        self.record()
        guard !self.recording.isRinging else { return }
        self.recording.isRinging = true
        self.agenda.plan(.sourceRang(life: self.life), at: max(self.now, self.recording.rung + .milliseconds(100)))
    }

    /// Begins a commit if there is something to write.
    func record() {
        guard self.recording.committing == nil else { return }
        guard self.nextPiece() != nil else {
            self.recording.busySince = nil
            if self.now > self.paused { self.recording.stalled = .zero }
            return self.settleEnd()
        }
        if self.recording.busySince == nil { self.recording.busySince = self.now }
        self.recording.committing = self.now
        let isSlow = !self.isHealed && !self.climate.isCalm && self.random.happens(2)
        let length = isSlow ? self.random.seconds(0.1...6) : self.random.seconds(0.001...0.01)
        self.agenda.plan(.committed(life: self.life), at: self.now + length)
    }

    private enum Piece {
        case row(AudioSpan)
        case hole(AudioGap)
    }

    private func nextPiece() -> Piece? {
        let start = self.recording.recorded
        guard start < self.recording.end else { return nil }
        while self.recording.firstHole < self.recording.holes.count,
            self.recording.holes[self.recording.firstHole].span.end <= start
        { self.recording.firstHole += 1 }
        var end = SamplePosition(frames: (start.frames / Self.rowFrames + 1) * Self.rowFrames)
        if self.recording.firstHole < self.recording.holes.count {
            let hole = self.recording.holes[self.recording.firstHole]
            if hole.span.start <= start {
                return .hole(AudioGap(AudioSpan(start: start, end: hole.span.end), cause: hole.cause))
            }
            end = min(end, hole.span.start)
        }
        if end > self.recording.end {
            guard self.recording.isComplete else { return nil }
            end = self.recording.end
        }
        return .row(AudioSpan(start: start, end: end))
    }

    func committed(_ life: Int) {
        guard life == self.life, self.recording.committing != nil else { return }
        self.commit()
        self.recording.committing = nil
        if !self.store.isFull { self.record() }
    }

    private func commit() {
        guard let piece = self.nextPiece() else { return }
        do throws(StoreRefusal) {
            switch piece {
            case .row(let span):
                self.note(.store, self.storeState, Reached.StoreEvent.row)
                try self.store.append(span)
                self.recording.recorded = span.end
            case .hole(let gap):
                self.note(.store, self.storeState, Reached.StoreEvent.gap)
                try self.store.missed(gap)
                self.recording.recorded = gap.span.end
            }
            self.checkStore()
        } catch {
            self.note(.store, self.storeState, Reached.StoreEvent.refused)
        }
    }

    /// What is known without new audio is written too.
    private func settleEnd() {
        guard self.recording.isComplete, self.store.waiting > 0 else { return }
        self.note(.store, self.storeState, Reached.StoreEvent.settled)
        try? self.store.settle()
    }

    private func checkStore() {
        let durable = self.store.durable
        self.require(.durableStays, durable >= self.recording.promised, "durable went back to \(durable.frames)")
        self.recording.promised = durable
        let waiting = self.recording.end - self.recording.recorded
        self.require(
            .everySampleSomewhere,
            durable <= self.recording.recorded && self.recording.recorded <= self.recording.end
                && durable >= self.recording.recorded - Self.rowFrames,
            "durable \(durable.frames), handed over \(self.recording.recorded.frames), end \(self.recording.end.frames)"
        )
        self.require(.memoryBounded, self.store.waiting < 4_096, "\(self.store.waiting) facts wait")
        let kept = self.recording.ringFrames + 8 * Int64(self.microphone.card.timing.bufferFrames)
        let holes = self.recording.holes.last.map { $0.cause == .diskStalled } ?? false
        self.require(.memoryBounded, holes || waiting <= kept || !self.recording.gaps.isEmpty, "\(waiting) frames wait")
    }

    func diskChanged() {
        if self.isHealed { return }
        if self.random.happens(25) {
            self.note(.store, self.storeState, Reached.StoreEvent.newFile)
            return self.store.failFile()
        }
        self.store.isFull.toggle()
        self.note(.store, self.storeState, self.store.isFull ? Reached.StoreEvent.full : .free)
        if self.store.isFull {
            self.agenda.plan(.diskChanged, at: self.now + self.random.seconds(0.2...12))
        } else {
            self.record()
        }
    }

    var storeState: Int {
        if self.store.isFull { return 2 }
        if self.recording.end - self.recording.recorded > 4 * Self.rowFrames { return 3 }
        return self.recording.committing == nil ? 0 : 1
    }
}
