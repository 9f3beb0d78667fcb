import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet label`.
struct NxVETLabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Show a label with its transcript and its clinical note.",
        usage: "steno nxvet label <label> [<options>]",
        discussion: "What is still being made is said to be. From recording to note takes about 2 minutes."
    )

    @Argument(help: "Its id.")
    var label: String

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let label = try await session.client.label(self.label)
            try session.write(FieldView(label))
            if label.isDamaged {
                session.say("Some content of the label is cut off and cannot be read. Look again later.", .warning)
                return .unfinished
            }
            if label.state == .absent { session.say("There is no content yet. Look again in a minute or two.") }
            return .success
        }
    }
}

extension FieldView {
    init(_ label: NxVETLabel) {
        let notes = label.notes.map { note -> JSONValue in ["type": .text(note.type), "content": note.content] }
        let content: [(String, JSONValue)] = [
            ("status", .text(label.status)), ("state", .string(label.state.rawValue)),
            ("transcript", .text(label.transcript)), ("clinicalNote", .text(label.clinicalNote)),
        ]
        self.init(
            label.members + content,
            fields: [
                ("label", label.id), ("type", label.type), ("from", label.from?.description),
                ("to", label.to?.description), ("patient", label.patient.map(Self.name)),
                ("device", Self.name(label.deviceName, label.deviceSerial)), ("status", label.status),
                ("state", label.state.words),
            ]
        )
        // A cell has no room for an object.
        self.listing.columns.removeAll { $0.name == "patient" }
        self.listing.columns.insert(contentsOf: [.init("patientId", ""), .init("patientName", "")], at: 4)
        self.listing.rows = [
            Listing.Row(
                [.string(label.id), .string(label.type), .text(label.from?.description), .text(label.to?.description)]
                    + [.text(label.patient?.id), .text(label.patient?.name)]
                    + [.text(label.deviceName), .text(label.deviceSerial)] + content.map(\.1),
                members: label.members + content + [("notes", .array(notes))]
            )
        ]
        self.texts = [("transcript", label.transcript), ("clinical note", label.clinicalNote)]
    }

    private static func name(_ patient: NxVETLabel.Patient) -> String {
        patient.name.map { "\($0) (\(patient.id))" } ?? patient.id
    }

    private static func name(_ name: String?, _ serial: String?) -> String? {
        guard let name, let serial else { return name ?? serial }
        return "\(name) (\(serial))"
    }
}

extension NxVETLabel.State {
    fileprivate var words: String {
        switch self {
        case .absent: "not there yet"
        case .transcript: "transcript, no clinical note yet"
        case .note: "clinical note"
        }
    }
}
