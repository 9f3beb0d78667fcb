import Steno
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Local session")
struct LocalSessionTests {
    @Test("Every sample is recognised once and in order, and the last word is waited for")
    func everything() async {
        let samples = Signal.voice(frames: 3 * SamplePosition.rate) + Signal.silence(frames: 20_123)
        let heard = Mutex<[Int16]>([])
        let session = LocalSession(source: ScriptedSource(samples), speed: nil) {
            ScriptedRecognizer { piece in heard.withLock { $0 += piece } }
        } onEvent: { _ in
        }

        let outcome = await session.run()

        #expect(heard.withLock { $0 } == samples)
        #expect(outcome.ledger.transcript.utterances.map(\.text) == ["all of it"])
        #expect(outcome.ledger.coverage.totals.sent == Int64(samples.count))
        #expect(outcome.ledger.coverage.totals.total == Int64(samples.count))
        #expect(!outcome.wasStopped)
    }

    @Test("A recogniser that fails is reported, and what it did not hear is not called silent")
    func failure() async {
        let samples = Signal.silence(frames: 16_000) + Signal.voice(frames: 3 * SamplePosition.rate)
        let session = LocalSession(source: ScriptedSource(samples), speed: nil) {
            ScriptedRecognizer { _ in throw Broken() }
        } onEvent: { _ in
        }

        let outcome = await session.run()

        #expect(outcome.engineFailure != nil)
        #expect(outcome.ledger.coverage.totals.unconfirmed > 0)
        #expect(!outcome.ledger.isComplete)
    }

    @Test("A stop leaves the rest unrecognised and says so")
    func stop() async {
        let source = ScriptedSource(Signal.voice(frames: SamplePosition.rate), isComplete: false)
        let box = Mutex<LocalSession?>(nil)
        let session = LocalSession(source: source, speed: nil) {
            ScriptedRecognizer { _ in box.withLock { $0?.requestStop() } }
        } onEvent: { _ in
        }
        box.withLock { $0 = session }

        let outcome = await session.run()

        #expect(outcome.wasStopped)
        #expect(outcome.ledger.coverage.totals.sent < Int64(SamplePosition.rate))
    }

    @Test("A source that fails on the way keeps what came before")
    func sourceFailure() async {
        let source = ScriptedSource(Signal.voice(frames: SamplePosition.rate), isComplete: false)
        source.finish(failure: AudioError(.readFailed, path: "visit.wav"))
        let session = LocalSession(source: source, speed: nil) {
            ScriptedRecognizer { _ in }
        } onEvent: { _ in
        }

        let outcome = await session.run()

        #expect(outcome.sourceFailure == AudioError(.readFailed, path: "visit.wav"))
        #expect(outcome.ledger.transcript.utterances.map(\.text) == ["all of it"])
    }

    @Test("Another session goes on where the first was stopped: every sample is heard, and nothing is recognised twice")
    func resumes() async throws {
        let samples =
            Signal.voice(frames: 2 * SamplePosition.rate) + Signal.silence(frames: 2 * SamplePosition.rate)
            + Signal.voice(frames: 2 * SamplePosition.rate)
        let box = Mutex<LocalSession?>(nil)
        let frames = Mutex(0)
        let first = LocalSession(source: ScriptedSource(samples), speed: nil) {
            ScriptedRecognizer { piece in
                let heard = frames.withLock {
                    $0 += piece.count; return $0
                }
                if heard == 3 * SamplePosition.rate { box.withLock { $0?.requestStop() } }
            }
        } onEvent: { _ in
        }
        box.withLock { $0 = first }
        let before = await first.run()
        box.withLock { $0 = nil }
        #expect(before.wasStopped)

        let heard = Mutex<[Int16]>([])
        let events = Locked<[RecognitionEvent]>([])
        let second = LocalSession(source: ScriptedSource(samples), resuming: before.ledger.memory, speed: nil) {
            ScriptedRecognizer { piece in heard.withLock { $0 += piece } }
        } onEvent: { event in
            events.withLock { $0.append(event) }
        }
        let after = await second.run()
        #expect(heard.withLock { $0.count } < 4 * SamplePosition.rate)
        #expect(heard.withLock { samples.suffix($0.count) == $0[...] })
        #expect(after.ledger.transcript.utterances.map(\.id.description) == ["1-0", "2-0"])
        #expect(after.ledger.coverage.totals.sent == Int64(samples.count))
        #expect(after.ledger.isComplete)
        let all = events.withLock { $0 }
        #expect(all.last == .coverage(after.ledger.coverageSoFar))
        let delivered = all.compactMap { if case .transcript(.deliver(let utterance)) = $0 { utterance } else { nil } }
        #expect(delivered.map(\.id.description) == ["2-0"])
    }

    @Test("A live source is heard whole, its gaps are told with their cause, and a stalled disk is waited for")
    func live() async throws {
        let recording = ScriptedRecording()
        let source = try LiveSource(recording: recording, ringFrames: 8_192) { _ in }
        var writer = source.makeWriter()
        writer.appendIndexed(4_000)
        while recording.samples.count < 4_000 { await Task.yield() }
        recording.hold()
        writer.appendIndexed(8_000)
        writer.skip(1_000, cause: .stalled)
        writer.finish()
        await recording.held()
        let heard = Locked<[Int16]>([])
        let events = Locked<[RecognitionEvent]>([])
        let session = LocalSession(source: source, speed: nil) {
            ScriptedRecognizer { piece in
                heard.withLock { $0 += piece }
                // What follows is on its way to the disk.
                if piece.count < 1_600 { recording.release() }
            }
        } onEvent: { event in
            events.withLock { $0.append(event) }
        }

        let outcome = await session.run()

        #expect(heard.withLock { $0 } == Signal.indexed(0..<12_000) + Signal.silence(frames: 1_000))
        #expect(outcome.sourceFailure == nil)
        #expect(outcome.ledger.coverage.totals.missing == 1_000)
        let gaps = events.withLock { $0 }.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
        #expect(gaps == [AudioGap(AudioSpan(12_000..<13_000), cause: .stalled)])
    }
}

private struct Broken: Error {}

/// Hands every piece on, and says at the end that it heard all of it.
private final class ScriptedRecognizer: StreamRecognizer {
    private let onPiece: ([Int16]) throws -> Void
    private var frames = 0

    init(_ onPiece: @escaping ([Int16]) throws -> Void) {
        self.onPiece = onPiece
    }

    func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate] {
        self.frames += samples.count
        try self.onPiece(Array(samples))
        return []
    }

    func finish() throws -> [TranscriptUpdate] {
        let end = Double(self.frames) / Double(SamplePosition.rate)
        let words = [TranscriptUpdate.TimedWord(text: "all of it", start: 0, end: end)]
        return [TranscriptUpdate(id: "0", sentence: "all of it", words: words, isCompleted: true)]
    }
}
