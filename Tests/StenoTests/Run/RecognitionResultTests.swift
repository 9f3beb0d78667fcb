import StenoAudio
import StenoCore
import Testing

@testable import Steno

@Suite("Recognition result")
struct RecognitionResultTests {
    /// A recording of one second, of which the first half is speech.
    private func result(
        isConfirmed: Bool = true,
        wasStopped: Bool = false,
        sourceFailure: AudioError? = nil,
        engineFailure: String? = nil
    ) -> RecognitionResult {
        var ledger = RecordingLedger()
        ledger.captured(upTo: SamplePosition(frames: 16_000))
        ledger.connectionOpened(at: .zero)
        ledger.sent(AudioSpan(0..<16_000))
        ledger.spoke(AudioSpan(1_000..<8_000))
        if isConfirmed {
            let word = TranscriptUpdate.TimedWord(text: "Yes.", start: 0, end: 0.6)
            let update = TranscriptUpdate(id: "0", sentence: "Yes.", words: [word], isCompleted: true)
            _ = ledger.received(update, sent: SamplePosition(frames: 16_000))
        }
        _ = ledger.finish()
        return RecognitionResult(
            LocalSession.Outcome(
                ledger: ledger,
                wasStopped: wasStopped,
                sourceFailure: sourceFailure,
                engineFailure: engineFailure
            )
        )
    }

    @Test("Every word with its text is a success")
    func complete() {
        #expect(self.result().isComplete)
        #expect(self.result().exitCode == .success)
    }

    @Test("Speech without text is unfinished")
    func open() {
        #expect(!self.result(isConfirmed: false).isComplete)
        #expect(self.result(isConfirmed: false).exitCode == .unfinished)
    }

    @Test("A stop after the last word is as good as the end")
    func stoppedLate() {
        let result = self.result(wasStopped: true)
        #expect(result.ending == .cutShort)
        #expect(result.exitCode == .success)
    }

    @Test("A missing summary is unfinished, however whole the transcript is")
    func missingSummary() {
        var result = self.result()
        result.isSummaryMissing = true
        #expect(result.isComplete)
        #expect(result.exitCode == .unfinished)
    }

    @Test("What went wrong with the input, the engine or the service has its own code")
    func failures() {
        let failure = AudioError(.readFailed, path: "visit.wav")
        #expect(self.result(sourceFailure: failure).exitCode == .disk)
        #expect(self.result(engineFailure: "broken").exitCode == .defect)
        var result = self.result()
        let codes: [(RecognitionResult.Ending, ExitCode)] = [
            (.refused, .refused), (.misconfigured, .configuration), (.gaveUp, .unfinished), (.stopped, .stopped),
        ]
        for (ending, code) in codes {
            result.ending = ending
            #expect(result.exitCode == code)
            #expect(!result.isComplete)
        }
    }
}
