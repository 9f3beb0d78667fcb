import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno notes export`.
struct NotesExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a completed note as ConnectVets lays it out.",
        usage: "steno notes export <note> [--format <txt|rtf>] [--output <file>] [<options>]",
        discussion: "A file is written as a whole, for your eyes only (0600)."
    )

    @Argument(help: "Its id.")
    var note: String

    @Option(
        help: ArgumentHelp("Plain text or rich text (default: as the file's suffix says, else txt).", valueName: "form")
    )
    var format: NoteExportFormat?

    @Option(
        help: ArgumentHelp("Write to this file (default: standard output).", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @OptionGroup var options: NotesOptions

    func run() async throws {
        try await self.options.run { session in
            let path = self.output == "-" ? nil : self.output
            if let path { try AtomicFile.check(path) }
            let isRich = path?.lowercased().hasSuffix(".rtf") == true
            let format = self.format ?? (isRich ? .rtf : .txt)
            let bytes = try await session.client.export(self.note, as: format)
            if let path { try AtomicFile.write(bytes, to: path) }
            try self.tell(bytes, format, path, session)
            return .success
        }
    }

    private func tell(_ bytes: [UInt8], _ format: NoteExportFormat, _ path: String?, _ session: NotesSession) throws {
        guard session.isForPrograms else {
            guard path == nil else { return session.say("The note is in '\(path ?? "")'.") }
            // What a person sees must not command the terminal; a pipe gets every byte.
            guard Terminal.isTerminal(1) else { return try Descriptor.write(bytes, to: 1, path: "-") }
            let text = TerminalText.neutralised(String(decoding: bytes, as: UTF8.self), keepingLineBreaks: true)
            return try session.program.write(text.hasSuffix("\n") ? text : text + "\n")
        }
        let content: (String, JSONValue) =
            path.map { ("output", .string($0)) } ?? ("content", .string(String(decoding: bytes, as: UTF8.self)))
        try session.write(
            FieldView(
                [
                    ("id", .string(self.note)), ("format", .string(format.rawValue)),
                    ("bytes", .integer(Int64(bytes.count))),
                ]
                    + [content],
                fields: []
            )
        )
    }
}

extension NoteExportFormat: ExpressibleByArgument {}
