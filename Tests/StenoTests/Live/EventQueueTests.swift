import Steno
import StenoCore
import Testing

@Suite("Event queue")
struct EventQueueTests {
    private func batch(_ events: [RunEvent]) -> EventQueue.Batch {
        var queue = EventQueue()
        for event in events { queue.append(event, at: .now) }
        return queue.take()
    }

    /// What is left, in words.
    private func names(_ events: [RunEvent]) -> [String] { self.batch(events).events.map(Self.name) }

    private static func name(_ event: RunEvent) -> String {
        switch event {
        case .recognition(.transcript(.show(let utterance))): "show \(utterance.id.recogniserID) \(utterance.text)"
        case .recognition(.transcript(.complete(let utterance))): "complete \(utterance.id.recogniserID)"
        case .recognition(.transcript(.deliver(let utterance))): "deliver \(utterance.id.recogniserID)"
        case .recognition(.transcript(.withdraw(let id))): "withdraw \(id.recogniserID)"
        case .recognition(.progress(let progress)): "progress \(progress.sent.seconds)"
        case .recognition(.state(let state)): "state \(state.rawValue)"
        case .level(_, let peak): "level \(peak)"
        case .microphone(let report): "microphone \(report.condition.rawValue)"
        case .warning(let text): "warning \(text)"
        default: "other"
        }
    }

    private func interim(_ text: String, _ id: String = "0") -> RunEvent {
        RunFixture.interim(RunFixture.utterance(text, 0...1, id: id))
    }

    @Test("Of what is only true until something newer comes, the newest is left")
    func newest() {
        #expect(
            self.names([
                self.interim("a"), .level(rms: 0, peak: 1), RunFixture.progress(sent: 1), self.interim("x", "1"),
                self.interim("a b"), .level(rms: 0, peak: 2), RunFixture.progress(sent: 2),
            ]) == ["show 0 a b", "level 2.0", "progress 2.0", "show 1 x"]
        )
    }

    @Test("Finished text, states and warnings are kept, all and in order")
    func kept() {
        let (one, two) = (RunFixture.utterance("one", 0...1), RunFixture.utterance("two", 1...2, id: "1"))
        #expect(
            self.names([
                RunFixture.state(.streaming), RunFixture.completed(one), RunFixture.delivered(one), .warning("a"),
                .warning("a"), RunFixture.state(.waiting), RunFixture.completed(two), RunFixture.delivered(two),
            ]) == [
                "state streaming", "complete 0", "deliver 0", "warning a", "warning a", "state waiting", "complete 1",
                "deliver 1",
            ]
        )
    }

    @Test("What comes after an utterance was completed is not put before it")
    func order() {
        let one = RunFixture.utterance("one", 0...1)
        #expect(
            self.names([self.interim("o"), RunFixture.completed(one), self.interim("late")])
                == ["show 0 o", "complete 0", "show 0 late"]
        )
    }

    @Test("A text that was taken back before anybody looked is only gone")
    func withdrawn() {
        let withdrawal = RunEvent.recognition(
            .transcript(.withdraw(Utterance.ID(connection: 1, recogniserID: "0")))
        )
        #expect(self.names([self.interim("a"), withdrawal]) == ["withdraw 0"])
        #expect(self.names([self.interim("a"), withdrawal, self.interim("b")]) == ["show 0 b"])
    }

    @Test("Trouble with the microphone is never replaced by its end")
    func microphone() {
        #expect(
            self.names([
                .microphone(MicrophoneReport(.speech)), .microphone(MicrophoneReport(.listening)),
                .microphone(MicrophoneReport(.digitalZero, alarm: .warning)),
                .microphone(MicrophoneReport(.listening)), .microphone(MicrophoneReport(.speech)),
            ]) == ["microphone listening", "microphone digital-zero", "microphone speech"]
        )
    }

    @Test("The oldest interim's time is kept, and taken with it")
    func time() {
        var queue = EventQueue()
        let began = ContinuousClock.now
        queue.append(.warning("a"), at: began)
        queue.append(self.interim("a"), at: began + .seconds(1))
        queue.append(self.interim("b"), at: began + .seconds(2))
        #expect(queue.take().interimSince == began + .seconds(1))
        #expect(queue.isEmpty)
        #expect(queue.take().interimSince == nil)
    }

    @Test("Whatever waits, finished text is whole and in order, and the rest is bounded", arguments: 1...30)
    func adversary(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = EventQueue()
        var (kept, wanted, taken) = (0, [String](), [String]())
        let isKept: (RunEvent) -> Bool = { event in
            switch event {
            case .recognition(.transcript(.show)), .recognition(.transcript(.withdraw)), .recognition(.progress),
                .level:
                false
            case .microphone(let report): report.alarm > .none
            default: true
            }
        }
        for _ in 0..<500 {
            let event = RunFixture.anything(using: &random)
            queue.append(event, at: .now)
            if isKept(event) {
                kept += 1
                wanted.append(Self.name(event))
            }
            // Four utterances, and a place before and behind each that was completed.
            #expect(queue.count <= 2 * kept + 8, "seed \(seed)")
            if Int.random(in: 0..<100, using: &random) == 0 {
                taken += queue.take().events.filter(isKept).map(Self.name)
                kept = 0
            }
        }
        taken += queue.take().events.filter(isKept).map(Self.name)
        #expect(taken == wanted, "seed \(seed)")
    }
}
