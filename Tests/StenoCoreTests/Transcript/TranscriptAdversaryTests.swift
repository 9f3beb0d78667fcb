import StenoCore
import Testing

/// Repeats, reorders, shortens and garbles updates over connections that come and go, and holds the promises the rest
/// of the program leans on. A failure prints its seed; run that seed alone to replay it.
@Suite("Transcript state machine: adversary")
struct TranscriptAdversaryTests {
    @Test("Every text is delivered once, a final never changes, and nothing leaves the timeline")
    func survives() {
        for seed in UInt64(0)..<1_000 {
            var adversary = Adversary(seed: seed)
            for _ in 0..<200 { adversary.step() }
            adversary.finish()
            #expect(adversary.violations == [], "seed \(seed)")
        }
    }
}

private struct Adversary {
    private(set) var violations: [String] = []
    private var machine = TranscriptStateMachine()
    private var random: SplitMix64
    private var offset = SamplePosition.zero
    private var sent = SamplePosition.zero
    private var open: Set<String> = []
    private var closed: Set<String> = []
    private var completed: [Utterance.ID: Utterance] = [:]
    private var delivered: [Utterance] = []
    private var shown: Set<Utterance.ID> = []

    init(seed: UInt64) {
        self.random = SplitMix64(seed: seed)
        self.machine.connectionOpened(at: .zero)
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<4:
            self.apply(self.machine.connectionLost())
            self.reconnect()
        case 4:
            self.reconnect()
        case 5..<25:
            self.sent = self.sent + Int64.random(in: 0..<32_000, using: &self.random)
        default:
            self.receive()
        }
        let open = self.open.count
        self.require(self.machine.openUtterances == open, "counts \(open) open utterances wrongly")
    }

    private mutating func reconnect() {
        self.offset = SamplePosition(frames: Int64.random(in: 0...max(0, self.sent.frames), using: &self.random))
        self.machine.connectionOpened(at: self.offset)
        (self.open, self.closed) = ([], [])
    }

    private mutating func receive() {
        let update = self.anyUpdate()
        let isLate = self.closed.contains(update.id)
        let actions = self.machine.received(update, sent: self.sent)
        self.require(!isLate || actions.isEmpty, "acted on a late update")
        if update.isCompleted {
            self.open.remove(update.id)
            self.closed.insert(update.id)
        } else if !isLate {
            self.open.insert(update.id)
        }
        self.apply(actions)
    }

    private mutating func anyUpdate() -> TranscriptUpdate {
        let start = Double.random(
            in: -1...(self.sent - self.offset < 0 ? 1 : (self.sent - self.offset).seconds + 1),
            using: &self.random
        )
        var update = TranscriptUpdate.interim(
            "\(Int.random(in: 0..<8, using: &self.random))",
            ["", "ja", "een twee", "ja ja ja", "een twee drie vier vijf"].randomElement(using: &self.random) ?? "",
            at: start
        )
        update.isCompleted = self.random.happens(40)
        if self.random.happens(10) { update.words = [] }
        if self.random.happens(5) { update.words.shuffle(using: &self.random) }
        if self.random.happens(5), !update.words.isEmpty {
            update.words[0].end = [.nan, .infinity, -.infinity, 1e300, -1e300].randomElement(using: &self.random) ?? 0
        }
        return update
    }

    private mutating func apply(_ actions: [TranscriptStateMachine.Action]) {
        for action in actions {
            switch action {
            case .show(let utterance):
                self.require(!utterance.text.isEmpty && !utterance.isConfirmed, "showed what it should not")
                self.shown.insert(utterance.id)
                self.check(utterance)
            case .complete(let utterance):
                self.require(self.completed[utterance.id] == nil, "completed \(utterance.id) twice")
                self.completed[utterance.id] = utterance
                self.check(utterance)
            case .withdraw(let id):
                self.require(self.shown.remove(id) != nil, "took back \(id), which was not shown")
            case .deliver(let utterance):
                self.require(!self.delivered.contains { $0.id == utterance.id }, "delivered \(utterance.id) twice")
                self.require(!utterance.text.isEmpty, "delivered nothing")
                self.require(utterance.isConfirmed == (self.completed[utterance.id] == utterance), "delivered a draft")
                self.delivered.append(utterance)
            case .confirm(let span):
                self.require(!span.isEmpty && span.start >= self.offset && span.end <= self.sent, "confirmed \(span)")
            case .note:
                break
            }
        }
    }

    private mutating func check(_ utterance: Utterance) {
        for span in [utterance.span] + utterance.words.map(\.span) {
            self.require(span.start >= .zero && span.end <= max(self.sent, self.offset), "off the timeline: \(span)")
        }
    }

    mutating func finish() {
        self.apply(self.machine.finish())
        self.require(
            Set(self.delivered) == Set(self.machine.utterances),
            "delivered something else than the transcript"
        )
        let order = self.machine.utterances
        self.require(zip(order, order.dropFirst()).allSatisfy { $0.span.start <= $1.span.start }, "out of order")
        self.require(self.completed.values.allSatisfy { order.contains($0) }, "a final is gone")
        self.require(self.machine.state == .finished, "not finished")
    }

    private mutating func require(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { self.violations.append(violation()) }
    }
}

extension Int64 {
    fileprivate var seconds: Double { Double(self) / Double(SamplePosition.rate) }
}
