import StenoCore

// What must be true when a process is done, and when the world ends.
extension Simulation {
    func judge(_ client: Client, _ reason: Session.Reason) {
        let ledger = client.ledger
        let utterances = ledger.transcript.utterances
        var plain: [Int] = []
        var marked: [Int] = []
        for utterance in utterances {
            let isPlain = utterance.isConfirmed && !utterance.isDoubtful
            Oracle.names(in: utterance.text) { isPlain ? self.count($0, in: &plain) : self.count($0, in: &marked) }
        }
        self.judgeWords(client, reason, plain, marked)
        if case .finished(.complete) = reason, !ledger.isComplete {
            // Heard out in order, and yet open: only speech that a healthy connection gave no text for may be.
            self.log("complete session, incomplete ledger")
        }
    }

    private func count(_ name: Int, in counts: inout [Int]) {
        while counts.count <= name { counts.append(0) }
        counts[name] += 1
    }

    private func judgeWords(_ client: Client, _ reason: Session.Reason, _ plain: [Int], _ marked: [Int]) {
        let coverage = client.ledger.coverage
        let unconfirmed = coverage.unconfirmed
        let missing = coverage.missing
        var expected: [Int] = []
        for word in self.speech.words where word.span.end <= coverage.total {
            self.count(word.name, in: &expected)
            guard self.plan.vocabulary == nil else { continue }
            let times = word.name < plain.count ? plain[word.name] : 0
            let isMarked = word.name < marked.count && marked[word.name] > 0
            if times == 0, !isMarked { self.judgeMissing(word, client, missing, unconfirmed) }
        }
        for name in self.speech.gone { self.count(name, in: &expected) }
        guard !self.oracle.hasUnplaced else { return }
        for (name, times) in plain.enumerated() where times > 1 {
            let said = name < expected.count ? expected[name] : 0
            self.require(.wordOnce, times <= max(said, 1), "w\(name) \(times) times")
        }
    }

    private func judgeMissing(
        _ word: Speech.SpokenWord,
        _ client: Client,
        _ missing: SpanSet,
        _ unconfirmed: SpanSet
    ) {
        // Where a person stopped in the middle of a word, its rest is known not to be sent.
        guard missing.frames(in: word.span) == 0, client.ledger.coverage.unsent.frames(in: word.span) == 0
        else { return }
        let place = "w\(word.name) at \(word.span.start.seconds)–\(word.span.end.seconds)"
        // What is confirmed reaches a little over the words it has.
        self.require(.coverageTrue, unconfirmed.frames(in: word.span) > 0, "\(place) is lost, and nobody knows")
        guard client.ledger.isComplete else { return }
        // A cough is given up after one hearing without a text, anything longer after two.
        let piece = unconfirmed.overlapping(word.span).map(\.frames).max() ?? 0
        let needed = piece < CoverageStateMachine.settledAtOnce ? 1 : 2
        let times = self.oracle.hearingsInVain(word.name)
        self.require(.wordThere, times >= needed, "\(place), \(times) of \(needed) hearings in vain")
    }

    /// The world came to rest: with a service that behaves, everything is confirmed by now.
    func judgeEnd() {
        if let flaw = self.store.verify() { self.broken(.everySampleSomewhere, flaw) }
        guard let client = self.client else { return self.broken(.progress, "nobody is left") }
        self.require(.progress, client.isConcluded, "the world stands still in \(client.machine.state)")
        guard self.violations.isEmpty, client.isConcluded else { return }
        if client.ledger.isComplete { return }
        // Nobody may be blamed for what was given up in time, or where text does not say what it belongs to.
        let coverage = client.ledger.coverage
        guard !coverage.isAnythingGivenUp, !self.oracle.hasUnplaced else { return }
        self.broken(
            .progress,
            "not complete after \(self.life) processes: \(client.machine.state), unsettled "
                + "\(coverage.unsettled.spans.map { ($0.start.seconds, $0.end.seconds) }), unsent "
                + "\(coverage.unsent.spans.map { ($0.start.seconds, $0.end.seconds) }), "
                + "text \(client.ledger.transcript.utterances.filter { !$0.isConfirmed }.map { ($0.id.description, $0.text, $0.span.start.seconds) })"
        )
    }
}
