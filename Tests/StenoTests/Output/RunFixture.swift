import Glibc
import Steno
import StenoCore
import StenoTesting

/// Events as a run tells them. Every option has a plain value, so that what a test sets is what matters.
enum RunFixture {
    static func recording(source: String = "visit.wav", frames: Int64? = 320_000, isSandbox: Bool = false) -> RunEvent {
        .recording(
            RecordingHeader(
                id: "20260102-030405-abcdefgh",
                source: source,
                frames: frames,
                engine: "juvoly",
                isSandbox: isSandbox
            )
        )
    }

    /// - Parameter seconds: where it was said; its words share the time evenly.
    static func utterance(
        _ text: String,
        _ seconds: ClosedRange<Double>,
        id: String = "0",
        connection: Int = 1,
        isConfirmed: Bool = true,
        words: [Word]? = nil
    ) -> Utterance {
        let parts = text.split(separator: " ").map(String.init)
        let step = (seconds.upperBound - seconds.lowerBound) / Double(max(1, parts.count))
        let even = parts.enumerated().map { index, part in
            Self.word(part, seconds.lowerBound + Double(index) * step, seconds.lowerBound + Double(index + 1) * step)
        }
        return Utterance(
            id: Utterance.ID(connection: connection, recogniserID: id),
            span: Self.span(seconds.lowerBound, seconds.upperBound),
            text: text,
            words: words ?? even,
            isConfirmed: isConfirmed
        )
    }

    static func word(_ text: String, _ start: Double, _ end: Double) -> Word {
        Word(text: text, span: Self.span(start, end))
    }

    static func span(_ start: Double, _ end: Double) -> AudioSpan {
        AudioSpan(start: SamplePosition(seconds: start), end: SamplePosition(seconds: end))
    }

    static func state(_ state: RecognitionState) -> RunEvent { .recognition(.state(state)) }
    static func interim(_ utterance: Utterance) -> RunEvent { .recognition(.transcript(.show(utterance))) }
    static func completed(_ utterance: Utterance) -> RunEvent { .recognition(.transcript(.complete(utterance))) }
    static func delivered(_ utterance: Utterance) -> RunEvent { .recognition(.transcript(.deliver(utterance))) }

    static func progress(available: Double? = nil, sent: Double, confirmed: Double = 0) -> RunEvent {
        .recognition(
            .progress(
                RecognitionProgress(
                    available: SamplePosition(seconds: available ?? sent),
                    sent: SamplePosition(seconds: sent),
                    confirmed: SamplePosition(seconds: confirmed)
                )
            )
        )
    }

    static func summary(_ name: String = "soep", isPartial: Bool = false, _ parts: (String, String)...) -> RunEvent {
        .summary(
            WrittenSummary(
                name: name,
                parts: parts.map { WrittenSummary.Part(title: $0.0, text: $0.1) },
                covers: 20,
                isPartial: isPartial
            )
        )
    }

    static func end(isComplete: Bool = true, confirmed: Int64 = 48_000, unconfirmed: [AudioSpan] = []) -> RunEvent {
        let open = unconfirmed.reduce(0) { $0 + $1.frames }
        return .end(
            RunEnd(
                isComplete: isComplete,
                totals: CoverageTotals(
                    total: 320_000,
                    confirmed: confirmed,
                    silent: 320_000 - confirmed - open,
                    unconfirmed: open,
                    missing: 0,
                    sent: 320_000
                ),
                unconfirmed: unconfirmed,
                settled: []
            )
        )
    }

    /// A dictation with everything in it.
    static let dictation: [RunEvent] = {
        let first = Self.utterance("Good morning.", 0.5...1.5)
        let second = Self.utterance("Bella limps.", 2...3, id: "1")
        let third = Self.utterance("Since Mon", 4...5, id: "2", isConfirmed: false)
        let coding = Information.Coding(system: "snomed", code: "00123", description: "Limping")
        let measurement = Information.Measurement(description: "Blood pressure", value: "140/90", unit: "mmHg")
        return [
            Self.recording(), Self.state(.connecting), Self.state(.connecting), Self.state(.streaming),
            Self.interim(Self.utterance("Good", 0.5...1, words: [])),
            Self.completed(first), Self.delivered(first), Self.completed(second), Self.delivered(second),
            .recognition(.information(Information(codings: [coding], measurements: [measurement]))),
            .gap(Self.span(3.5, 3.75), cause: "overrun"), Self.delivered(third), Self.state(.closed),
            Self.summary("soep", ("Subjective", "Limps\nsince Monday."), ("Plan", "Rest.")),
            .delivery(DeliveryReport(target: "connectvets", state: .sending)),
            .delivery(
                DeliveryReport(
                    target: "connectvets",
                    state: .done,
                    noteID: "n-1",
                    sections: [DeliveryReport.Section(title: "Anamnesis", text: "Limps.")]
                )
            ),
            .warning("Speech without confirmed text."),
            Self.end(isComplete: false, unconfirmed: [Self.span(4, 5)]),
        ]
    }()

    /// What standard output carries for `events`.
    static func output(_ format: OutputFormat, _ events: [RunEvent]) -> String {
        var output = StandardOutput(format: format)
        return events.compactMap { output.text(for: $0) }.joined()
    }
}

/// Collects what is written to a descriptor; at most 64 KiB, what a pipe holds.
final class Capture {
    let descriptor: Int32
    private let reader: Int32
    private var isOpen = true

    init() {
        (self.reader, self.descriptor) = TestPipe.ends()
    }

    deinit {
        if self.isOpen { close(self.descriptor) }
        close(self.reader)
    }

    /// Everything that was written. Nothing can be written any more.
    func text() -> String {
        if self.isOpen { close(self.descriptor) }
        self.isOpen = false
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(self.reader, &block, block.count), count > 0 { bytes += block[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
