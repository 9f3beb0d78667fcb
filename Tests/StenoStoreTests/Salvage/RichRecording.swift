import Glibc
import StenoAudio
import StenoCore
import StenoTesting

@testable import StenoStore

/// A recording of 40 s with something in every table, to be damaged.
struct RichRecording {
    static let frames: Int64 = 640_000
    static let gap = AudioGap(300_000..<310_000, .overrun)
    /// What was said, with zeros in the gap.
    static let truth: [Int16] = {
        let (rate, words) = (SamplePosition.rate, Signal.voice(frames: 480_000))
        let all =
            Signal.indexed(0..<Int64(rate)) + words + Signal.noise(level: -50, frames: 640_000 - rate - words.count)
        return all.enumerated().map { Self.gap.span.contains(.init(frames: Int64($0.offset))) ? 0 : $0.element }
    }()

    static let utterances: [Utterance] = (0..<60).map { number in
        let start = Int64(number) * 10_000 + 1_000
        let words = (0..<12).map { word in
            Word(
                text: "word-\(number)-\(word)",
                span: AudioSpan(start + Int64(word) * 600..<start + Int64(word) * 600 + 500)
            )
        }
        return Utterance(
            id: .init(connection: 1, recogniserID: "u\(number)"),
            span: AudioSpan(start..<start + 7_500),
            text: words.map(\.text).joined(separator: " "),
            words: words,
            isConfirmed: true
        )
    }

    let place: RecordingPlace
    let isSealed: Bool
    let isFinished: Bool

    init(_ fixture: RecordingFixture, isSealed: Bool, isFinished: Bool) throws {
        (self.isSealed, self.isFinished) = (isSealed, isFinished)
        let id = "20261122-00410\(isSealed ? 1 : 0)-\(isFinished ? "finished" : "unending")"
        let writer = try isSealed ? fixture.sealedWriter(id) : fixture.writer(id)
        self.place = writer.place
        try self.fill(writer)
        if isFinished { try writer.conclude(isComplete: false) }
    }

    private func fill(_ writer: RecordingWriter) throws {
        var machine = CoverageStateMachine()
        writer.keep(.information(RecordingFixture.learned))
        for second in Int64(0)..<40 {
            let start = second * 16_000
            try self.append(start..<start + 16_000, to: writer)
            writer.keep(.event(RecordingEvent("tick", at: .init(frames: start), time: second)))
            machine.captured(upTo: .init(frames: start + 16_000))
            machine.missed(Self.gap.span.clamped(to: AudioSpan(start: .zero, end: machine.total)))
            for utterance in Self.utterances where (start..<start + 16_000).contains(utterance.span.end.frames) {
                machine.confirmed(utterance.span)
                writer.keep(.utterance(utterance))
            }
            writer.keep(.coverage(machine))
            if second % 10 == 9 { try writer.deviceChanged(to: "microphone \(second)") }
        }
        try writer.settle()
        try self.handOver(writer.place)
    }

    private func append(_ frames: Range<Int64>, to writer: RecordingWriter) throws {
        let gap = Self.gap.span
        for start in stride(from: frames.lowerBound, to: frames.upperBound, by: 2_000) {
            let span = AudioSpan(start..<start + 2_000)
            guard !gap.overlaps(span) else {
                try writer.missed(AudioGap(span, cause: .overrun))
                continue
            }
            try writer.append(Array(Self.truth[Int(start)..<Int(start) + 2_000]), at: span.start)
        }
    }

    private func handOver(_ place: RecordingPlace) throws {
        let book = DeliveryBook(place) { RecordingFixture.begun }
        for number in 0..<3 {
            try book.store(
                StoredDelivery(
                    id: "delivery-\(number)",
                    target: "invox/\(number)",
                    realm: "sandbox",
                    order: [1, 2],
                    begun: RecordingFixture.begun
                )
            )
        }
    }

    /// A copy under the same id in a home of its own, as a crash or a backup would leave it.
    func copy(to home: String, _ vault: RecordingVault) throws -> RecordingPlace {
        let folder = "\(home)/recordings/\(self.place.id)"
        try PrivateFiles.makeFolder(folder)
        for name in TemporaryFolder.names(in: self.place.folder) where name.hasPrefix("recording.sqlite") {
            let bytes = PrivateFiles.content(of: "\(self.place.folder)/\(name)", limit: 1 << 26) ?? []
            _ = try PrivateFiles.place(bytes, at: "\(folder)/\(name)", name: name)
        }
        return try RecordingPlace(id: self.place.id, in: "\(home)/recordings", vault: vault)
    }
}
