import StenoCore
import Testing

@testable import Steno

@Suite("Resumed text")
struct ResumedTextTests {
    /// 10 s, of which an earlier run was given the first `sent` and understood `utterances`.
    private static func memory(_ utterances: [Utterance], sent: Double, speech: [AudioSpan] = []) -> RecordingMemory {
        var ledger = RecordingLedger()
        ledger.captured(upTo: SamplePosition(seconds: 10))
        ledger.sent(RunFixture.span(0, sent))
        for span in speech { ledger.spoke(span) }
        var memory = RecordingMemory()
        memory.utterances = utterances
        memory.coverage = ledger.coverage.memory
        for utterance in utterances where utterance.isConfirmed {
            memory.coverage.confirmed.insert(utterance.span.widened(by: CoverageStateMachine.tolerance))
            memory.coverage.lastConfirmed = max(memory.coverage.lastConfirmed ?? .zero, utterance.span.end)
        }
        return memory
    }

    private static func texts(_ events: [RunEvent]) -> [String] {
        events.compactMap { event in
            switch event {
            case .recording: "recording"
            case .recognition(.transcript(.deliver(let utterance))): utterance.text
            case .recognition(.transcript(.show(let utterance))): "(\(utterance.text))"
            case .summary: "summary"
            case .end: "end"
            default: nil
            }
        }
    }

    @Test("What was understood before the place where it goes on comes first, each once, completed before delivered")
    func beginning() {
        let first = RunFixture.utterance("one", 0...1, id: "0")
        let second = RunFixture.utterance("two", 2...3, id: "1")
        var text = ResumedText(Self.memory([first, second], sent: 3.5))
        let events = text.events(for: RunFixture.recording())
        #expect(Self.texts(events) == ["recording", "one", "two"])
        guard case .recognition(.transcript(.complete(first))) = events[1] else {
            Issue.record("it was delivered before it was complete")
            return
        }
        let later = RunFixture.delivered(RunFixture.utterance("three", 4...5, connection: 2))
        #expect(Self.texts(text.events(for: later)) == ["three"])
    }

    @Test("What was understood behind a place without text waits for its turn")
    func between() {
        let first = RunFixture.utterance("one", 0...1, id: "0")
        let third = RunFixture.utterance("three", 6...7, id: "2")
        let memory = Self.memory([first, third], sent: 8, speech: [RunFixture.span(3, 4)])
        var text = ResumedText(memory)
        #expect(Self.texts(text.events(for: RunFixture.recording())) == ["recording", "one"])
        let second = RunFixture.delivered(RunFixture.utterance("two", 3...4, connection: 2))
        #expect(Self.texts(text.events(for: second)) == ["two"])
        let fourth = RunFixture.delivered(RunFixture.utterance("four", 9...10, connection: 2))
        #expect(Self.texts(text.events(for: fourth)) == ["three", "four"])
    }

    @Test("Nothing is left out when this run says nothing, and what follows the text follows it")
    func rest() {
        let late = RunFixture.utterance("late", 6...7)
        var text = ResumedText(Self.memory([late], sent: 8, speech: [RunFixture.span(3, 4)]))
        _ = text.events(for: RunFixture.recording())
        let summary = RunEvent.summary(WrittenSummary(name: "soep", parts: [], covers: 1, isPartial: true))
        #expect(Self.texts(text.events(for: summary)) == ["late", "summary"])
        #expect(Self.texts(text.events(for: summary)) == ["summary"])
    }

    @Test("What never completed is shown as what it is, so that it can be taken back")
    func open() {
        let open = RunFixture.utterance("half a", 2...3, isConfirmed: false)
        var text = ResumedText(Self.memory([open], sent: 3))
        #expect(Self.texts(text.events(for: RunFixture.recording())) == ["recording", "(half a)"])
    }

    @Test("A run that goes on with nothing changes nothing")
    func fresh() {
        var text = ResumedText(RecordingMemory())
        #expect(Self.texts(text.events(for: RunFixture.recording())) == ["recording"])
        #expect(text.events(for: RunFixture.state(.streaming)).count == 1)
    }
}
