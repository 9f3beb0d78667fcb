import StenoCore
import StenoWire

/// The form in which an utterance stands in a recording: its text and words as JSON in one BLOB.
enum UtteranceRow {
    private static let confirmed = 1
    private static let estimated = 2
    private static let doubtful = 4

    static func flags(of utterance: Utterance) -> Int {
        (utterance.isConfirmed ? Self.confirmed : 0) + (utterance.hasEstimatedWordTimes ? Self.estimated : 0)
            + (utterance.isDoubtful ? Self.doubtful : 0)
    }

    static func identity(of utterance: Utterance) -> RowIdentity {
        .utterance(
            id: utterance.id.description,
            start: utterance.span.start.frames,
            frames: utterance.span.frames,
            flags: Int64(Self.flags(of: utterance))
        )
    }

    static func body(of utterance: Utterance) -> [UInt8] {
        let words = utterance.words.map { word -> JSONValue in
            [.integer(word.span.start.frames), .integer(word.span.end.frames), .string(word.text)]
        }
        var bytes: [UInt8] = []
        JSONValue.object([
            JSONMember(name: "text", value: .string(utterance.text)), JSONMember(name: "words", value: .array(words)),
        ]).serialize(into: &bytes)
        return bytes
    }

    /// The columns that `utterance` takes.
    static let selection = "SELECT id, start, frames, flags, body FROM utterances"

    /// `nil` when the row is damaged.
    static func utterance(_ row: SQLRow, _ seal: RowSeal) -> Utterance? {
        let (id, start, frames, flags) = (row.text(0) ?? "", row.integer(1), row.integer(2), row.integer(3))
        let identity = RowIdentity.utterance(id: id, start: start, frames: frames, flags: flags)
        guard let body = row.withBytes(4, { seal.open($0, as: identity) }) else { return nil }
        let span = AudioSpan(
            start: SamplePosition(frames: start),
            end: SamplePosition(frames: start.addingReportingOverflow(frames).partialValue)
        )
        return body.withUnsafeBytes { Self.utterance(id: id, span: span, flags: flags, body: $0) }
    }

    private static func utterance(id: String, span: AudioSpan, flags: Int64, body: UnsafeRawBufferPointer) -> Utterance?
    {
        guard let json = try? JSONValue(parsing: body), let text = json["text"]?.string,
            let dash = id.firstIndex(of: "-"), let connection = Int(id[..<dash])
        else { return nil }
        let words = (json["words"]?.array ?? []).compactMap { entry -> Word? in
            guard let fields = entry.array, fields.count == 3, let start = fields[0].int, let end = fields[1].int,
                let text = fields[2].string
            else { return nil }
            let span = AudioSpan(
                start: SamplePosition(frames: Int64(start)),
                end: SamplePosition(frames: Int64(end))
            )
            return Word(text: text, span: span)
        }
        return Utterance(
            id: .init(connection: connection, recogniserID: String(id[id.index(after: dash)...])),
            span: span,
            text: text,
            words: words,
            isConfirmed: flags & Int64(Self.confirmed) != 0,
            hasEstimatedWordTimes: flags & Int64(Self.estimated) != 0,
            isDoubtful: flags & Int64(Self.doubtful) != 0
        )
    }
}

/// The form in which information stands in a recording.
enum InformationRow {
    static let identity = RowIdentity.information(name: "information")

    static func body(of information: Information) -> [UInt8] {
        let codings = information.codings.map { coding -> JSONValue in
            [.string(coding.system), .string(coding.code), .string(coding.description)]
        }
        let resources = information.resources.map { resource -> JSONValue in
            [.string(resource.link), .string(resource.description), .string(resource.origin)]
        }
        let measurements = information.measurements.map { measurement -> JSONValue in
            [.string(measurement.description), .string(measurement.value), .string(measurement.unit)]
        }
        var bytes: [UInt8] = []
        JSONValue.object([
            JSONMember(name: "codings", value: .array(codings)),
            JSONMember(name: "resources", value: .array(resources)),
            JSONMember(name: "measurements", value: .array(measurements)),
        ]).serialize(into: &bytes)
        return bytes
    }

    /// The column that `information` takes.
    static let selection = "SELECT body FROM information WHERE name = 'information'"

    /// `nil` when the row is damaged.
    static func information(_ row: SQLRow, _ seal: RowSeal) -> Information? {
        row.withBytes(0) { seal.open($0, as: Self.identity) }?.withUnsafeBytes { Self.information(body: $0) }
    }

    private static func information(body: UnsafeRawBufferPointer) -> Information? {
        guard let json = try? JSONValue(parsing: body) else { return nil }
        return Information(
            codings: Self.triples(json["codings"]).map { .init(system: $0, code: $1, description: $2) },
            resources: Self.triples(json["resources"]).map { .init(link: $0, description: $1, origin: $2) },
            measurements: Self.triples(json["measurements"]).map { .init(description: $0, value: $1, unit: $2) }
        )
    }

    private static func triples(_ list: JSONValue?) -> [(String, String, String)] {
        (list?.array ?? []).compactMap { entry in
            let fields = (entry.array ?? []).compactMap(\.string)
            return fields.count == 3 ? (fields[0], fields[1], fields[2]) : nil
        }
    }
}
