import Logging
import StenoAudio
import StenoCore
import StenoTesting
import StenoWire
import Synchronization
import Testing

@testable import Steno

@Suite("Dictation run")
struct DictationRunTests {
    private static let voice = Signal.voice(frames: 2 * SamplePosition.rate)
    private static let upload = NoteUpload(visit: VisitDetails(name: "Bella"), waits: false)

    private struct Outcome {
        var code: ExitCode
        var events: [RunEvent]

        var kinds: [String] { self.events.compactMap { EventLine.json(for: $0)?["type"]?.string } }
        var deliveries: [DeliveryReport] {
            self.events.compactMap { if case .delivery(let report) = $0 { report } else { nil } }
        }
        var warnings: [String] { self.events.compactMap { if case .warning(let text) = $0 { text } else { nil } } }
        var end: RunEnd? { if case .end(let end)? = self.events.last { end } else { nil } }
    }

    private func run(
        _ source: any SampleSource = ScriptedSource(Self.voice),
        name: String = "visit.wav",
        says text: String? = "Good morning.",
        summaries: [SummaryKind] = [],
        upload: NoteUpload? = nil,
        summariser: Answering = Answering(),
        uploader: Answering = Answering()
    ) async -> Outcome {
        let events = Mutex<[RunEvent]>([])
        let tell: @Sendable (RunEvent) -> Void = { event in events.withLock { $0.append(event) } }
        let choice = RecognizerChoice.local(speed: nil) { OneSentence(text) }
        let recognizing = Recognizing(source, by: choice, logger: Logger(label: "test")) { tell(RunEvent($0)) }
        let header = RecordingHeader(id: "1", source: name, frames: nil, engine: "local", isSandbox: false)
        let request = DictationRun.Request(
            header: header,
            source: source,
            summaries: summaries,
            language: "en",
            upload: upload
        )
        let run = DictationRun(request, summariser: summariser, uploader: uploader, tell: tell)
        let code = await run.run { await recognizing.run() }
        return Outcome(code: code, events: events.withLock { $0 })
    }

    @Test("The recording comes first, and one end last, which counts every sample")
    func order() async {
        let outcome = await self.run()
        #expect(outcome.code == .success)
        #expect(outcome.kinds.first == "recording")
        #expect(outcome.kinds.filter { $0 == "end" }.count == 1)
        #expect(outcome.end?.isComplete == true)
        #expect(outcome.end?.totals.total == Int64(Self.voice.count))
    }

    @Test("Audio that can no longer be read is told as a gap, with its place")
    func gap() async {
        let outcome = await self.run(Unreadable(after: 16_000, of: Self.voice))
        let gaps = outcome.events.compactMap { if case .gap(let span, _) = $0 { span } else { nil } }
        #expect(gaps == [AudioSpan(16_000..<32_000)])
        #expect(outcome.code == .disk)
        #expect(outcome.end?.totals.missing == 16_000)
        #expect(outcome.end?.isComplete == false)
    }

    @Test("Gaps of a live source are told as they happen, with their causes, and not again at the end")
    func liveGaps() async throws {
        let source = try LiveSource(recording: ScriptedRecording()) { _ in }
        var writer = source.makeWriter()
        writer.append(Self.voice)
        writer.skip(1_600, cause: .overrun)
        writer.append(Self.voice)
        writer.finish()
        let outcome = await self.run(source)
        let gaps = outcome.events.compactMap { EventLine.json(for: $0) }.filter { $0["type"]?.string == "gap" }
        #expect(gaps.map { $0["cause"]?.string } == ["overrun"])
        #expect(gaps.map { $0["start"]?.double } == [2])
        #expect(outcome.end?.totals.missing == 1_600)
        #expect(outcome.code == .success)
    }

    @Test("What was said is summarised and handed over, with its text, its language and its length")
    func handover() async {
        let summariser = Answering()
        let outcome = await self.run(summaries: [.invoxSOAP], upload: Self.upload, summariser: summariser)
        #expect(outcome.code == .success)
        #expect(summariser.transcripts.map(\.text) == ["Good morning."])
        #expect(summariser.transcripts.map(\.language) == ["en"])
        #expect(summariser.transcripts.map(\.covers) == [2])
        #expect(summariser.transcripts.map(\.isPartial) == [false])
        #expect(outcome.kinds.suffix(3) == ["summary", "delivery", "end"])
    }

    @Test("Silence is summarised by nobody and makes no note, and that is a success")
    func silence() async {
        let (summariser, uploader) = (Answering(), Answering())
        let outcome = await self.run(
            ScriptedSource(Signal.silence(frames: 32_000)),
            says: nil,
            summaries: [.soep, .invox],
            upload: Self.upload,
            summariser: summariser,
            uploader: uploader
        )
        #expect(outcome.code == .success)
        #expect(summariser.transcripts.isEmpty && uploader.uploads == 0)
        #expect(outcome.deliveries.map(\.target) == ["soep", "invox", "connectvets"])
        #expect(outcome.deliveries.allSatisfy { $0.state == .skipped && $0.reason == "Nothing was said." })
    }

    @Test("Speech without any text makes no note either, and says why")
    func nothingConfirmed() async {
        let outcome = await self.run(says: nil, upload: Self.upload)
        #expect(outcome.deliveries.map(\.reason) == ["Speech was detected, but none of it was confirmed."])
    }

    @Test("The worst of what was asked for decides", arguments: [ExitCode.unfinished, .refused, .configuration])
    func worst(code: ExitCode) async {
        let outcome = await self.run(
            summaries: [.invox],
            upload: Self.upload,
            summariser: Answering(code),
            uploader: Answering()
        )
        #expect(outcome.code == code)
        #expect(outcome.end?.isComplete == false)
    }

    @Test("A summary that the service did not send leaves the run unfinished")
    func missingSummary() async {
        let outcome = await self.run(summaries: [.soep])
        #expect(outcome.code == .unfinished)
        #expect(outcome.warnings.contains { $0.contains("sent no summary") })
    }

    @Test("A source that fails on the way is told, and its exit code counts")
    func failingSource() async {
        let source = ScriptedSource(Self.voice, isComplete: false)
        source.finish(failure: AudioError(.readFailed, path: "visit.wav"))
        let outcome = await self.run(source)
        #expect(outcome.code == .disk)
        #expect(outcome.warnings.contains { $0.contains("'visit.wav' can no longer be read") })
    }

    @Test("Warnings of the source are told once")
    func warnings() async {
        let source = ScriptedSource(Self.voice)
        source.warn(AudioWarning(.damaged, path: "visit.wav"))
        let outcome = await self.run(source)
        #expect(outcome.warnings == ["'visit.wav' is damaged. What could be read of it is used."])
        #expect(outcome.code == .success)
    }

    @Test("An engine that fails is a defect, and what it left is named")
    func engineFailure() async {
        let outcome = await self.run(says: OneSentence.failing)
        #expect(outcome.code == .defect)
        #expect(outcome.warnings.last == "Not all audio was recognised.")
    }

    @Test("A recording of which everything was recognised before ends like one that was heard now")
    func remembered() async {
        let utterance = RunFixture.utterance("Good morning.", 0...2)
        var ledger = RecordingLedger()
        ledger.captured(upTo: SamplePosition(seconds: 2))
        ledger.sent(RunFixture.span(0, 2))
        var memory = RecordingMemory()
        memory.utterances = [utterance]
        memory.coverage = ledger.coverage.memory
        memory.coverage.confirmed.insert(utterance.span)
        let result = RecognitionResult(remembering: memory, upTo: SamplePosition(seconds: 2))
        #expect(result.isComplete && result.exitCode == .success)
        #expect(result.ledger.transcript.utterances == [utterance])
    }

    @Test("No event of a run but the transcript's holds what was said")
    func secrecy() async {
        let outcome = await self.run(summaries: [.soep], upload: Self.upload, uploader: Answering(.unfinished))
        for text in outcome.warnings + outcome.deliveries.compactMap(\.reason) {
            #expect(!text.contains("morning") && !text.contains("Bella"))
        }
    }
}

/// Hears one sentence in everything it is given, or nothing.
private final class OneSentence: StreamRecognizer {
    static let failing = "fail"

    private struct Failure: Error {}

    private let text: String?
    private var frames = 0

    init(_ text: String?) {
        self.text = text
    }

    func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate] {
        guard self.text != Self.failing else { throw Failure() }
        self.frames += samples.count
        return []
    }

    func finish() -> [TranscriptUpdate] {
        guard let text = self.text else { return [] }
        let end = Double(self.frames) / Double(SamplePosition.rate)
        let words = [TranscriptUpdate.TimedWord(text: text, start: 0, end: end)]
        return [TranscriptUpdate(id: "0", sentence: text, words: words, isCompleted: true)]
    }
}

/// Takes every summary and upload, and answers as it was told.
private final class Answering: TranscriptSummarising, NoteUploading {
    private let code: ExitCode
    private let asked = Mutex<(transcripts: [TranscriptForSummary], uploads: Int)>(([], 0))

    init(_ code: ExitCode = .success) {
        self.code = code
    }

    var transcripts: [TranscriptForSummary] { self.asked.withLock(\.transcripts) }
    var uploads: Int { self.asked.withLock(\.uploads) }

    func summarise(_ transcript: TranscriptForSummary, tell: @Sendable (RunEvent) -> Void) async -> ExitCode {
        self.asked.withLock { $0.transcripts.append(transcript) }
        let part = WrittenSummary.Part(title: "", text: "A summary.")
        tell(.summary(WrittenSummary(name: "invox", parts: [part], covers: transcript.covers, isPartial: false)))
        return self.code
    }

    func upload(
        _ upload: NoteUpload,
        _ source: any SampleSource,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        self.asked.withLock { $0.uploads += 1 }
        tell(.delivery(DeliveryReport(target: "connectvets", state: .done, noteID: "n-1")))
        return self.code
    }
}

/// A file whose disk fails: it is as long as it says, and cannot be read beyond a point.
private final class Unreadable: SampleSource {
    private let source: ScriptedSource
    private let end: Int64

    init(after end: Int64, of samples: [Int16]) {
        self.source = ScriptedSource(samples)
        self.end = end
    }

    var progress: SourceProgress { self.source.progress }
    var totalFrames: Int64? { self.source.totalFrames }
    var warnings: [AudioWarning] { [] }

    func observe(_ doorbell: @escaping @Sendable () -> Void) { self.source.observe(doorbell) }

    func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        guard position.frames + Int64(buffer.count) <= self.end else {
            throw AudioError(.readFailed, path: "visit.wav")
        }
        return try self.source.read(at: position, into: buffer)
    }
}
