import StenoCore
import Testing

@testable import Steno

@Suite("Backlog")
struct BacklogTests {
    private static func progress(_ available: Double, _ sent: Double) -> RecognitionProgress {
        RecognitionProgress(
            available: SamplePosition(seconds: available),
            sent: SamplePosition(seconds: sent),
            confirmed: .zero
        )
    }

    private static func unconfirmed(_ seconds: Double) -> CoverageStateMachine {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: SamplePosition(seconds: 100))
        coverage.spoke(AudioSpan(start: SamplePosition(seconds: 1), end: SamplePosition(seconds: 1 + seconds)))
        return coverage
    }

    @Test("Who keeps pace has a lag in tenths of a second, and nothing else")
    func pace() {
        var backlog = Backlog()
        backlog.update(Self.progress(10, 9.9))
        backlog.update(Self.unconfirmed(5))
        #expect(backlog.words(.streaming) == ["lag 0.1 s"])
        #expect(!backlog.isNoticed)
    }

    @Test("Without a connection it says what is not sent, and how much speech has no text yet")
    func outage() {
        var backlog = Backlog()
        backlog.update(Self.progress(95, 10))
        #expect(backlog.words(.waiting) == ["01:25 not sent"])
        backlog.update(Self.unconfirmed(40))
        #expect(backlog.words(.connecting) == ["01:25 not sent", "00:40 unconfirmed"])
    }

    @Test("With a connection it says how far it is behind, and that it catches up only when it comes nearer")
    func catchingUp() {
        var backlog = Backlog()
        backlog.update(Self.progress(60, 30))
        #expect(backlog.words(.streaming) == ["00:30 behind"])
        backlog.update(Self.progress(61, 30.5))
        #expect(backlog.words(.streaming) == ["00:31 behind"])
        backlog.update(Self.progress(65, 40))
        #expect(backlog.words(.streaming) == ["catching up, 00:25 behind"])
        backlog.update(Self.progress(66, 64))
        #expect(backlog.words(.streaming) == ["lag 2.0 s"])
        backlog.update(Self.progress(70, 64))
        #expect(backlog.words(.streaming) == ["00:06 behind"], "the former outage is over")
    }
}
