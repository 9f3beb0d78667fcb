import ArgumentParser
import Steno
import StenoStore
import StenoWire

/// `steno queue export`.
struct QueueExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what was asked for and what came of it into a file.",
        usage: "steno queue export <id> --output <file> [<options>]",
        discussion: """
            One JSON object for each hand-off: where it goes, what is to be said about the visit, how far it came, and \
            what the service answered. For a person who has to finish it by other means; the sound and the text are \
            written by 'steno recordings export'. The file has mode 0600 and tells who the patient is.
            """
    )

    @Argument(help: "The id of a recording or of one hand-off.")
    var id: String

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let entries = try QueueShelf(try self.options.library(program)).entries(named: self.id)
            var text = ""
            for entry in entries {
                guard let delivery = try DeliveryBook(entry.place).delivery(entry.delivery.id) else { continue }
                let members =
                    QueueReport.members(entry) + [
                        ("external_id", .string(delivery.externalID)), ("order", Self.value(of: delivery.order)),
                        ("result", delivery.result.map(Self.value) ?? .null),
                    ]
                text += Listing.Row([], members: members).object.serialized() + "\n"
            }
            guard !text.isEmpty else {
                program.say("Nothing was asked for with this recording, so nothing was written.")
                return .noInput
            }
            try AtomicFile.write(text, to: self.output)
            program.say(
                "Wrote \(entries.count == 1 ? "1 hand-off" : "\(entries.count) hand-offs") to '\(self.output)'."
            )
            return .success
        }
    }

    /// What stands in a recording may be damaged, and then it is text.
    private static func value(of bytes: [UInt8]) -> JSONValue {
        (try? JSONValue(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }
}
