import ArgumentParser
import Steno
import StenoAudio
import StenoCore
import StenoStore

/// `steno recordings export`.
struct RecordingsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audio or the text of a recording into a file.",
        usage: "steno recordings export <id> --output <file> [<options>]",
        discussion: """
            Audio is .wav or .flac: 16 kHz, mono, 16 bits, with gaps as silence, so that times stay right. Text is \
            \(OutputFormat.suffixes), as a run writes it, with the summaries and notes that were made since. The file appears when it is whole, with mode 0600. The exit \
            code is 74 when some audio is damaged; then that is silence too.

              steno recordings export 20261122-09 --output visit.flac
              steno recordings export 20261122-09 --output visit.srt
            """
    )

    /// What the suffix of a file asks for.
    private enum Form {
        case audio(RecordingExport)
        case text(OutputFormat)

        init?(fileName: String) {
            if let audio = RecordingExport(fileName: fileName) {
                self = .audio(audio)
            } else if let text = OutputFormat(fileName: fileName) {
                self = .text(text)
            } else {
                return nil
            }
        }
    }

    @Argument(help: "Its id, as much of it as tells it from the others, or the path of a folder or file.")
    var id: String

    @Option(help: ArgumentHelp("The file to write; its suffix chooses the form.", valueName: "file"))
    var output: String

    @OptionGroup var options: RecordingsOptions

    func validate() throws {
        guard Form(fileName: self.output) != nil else {
            throw ValidationError(
                "--output '\(self.output)' has no suffix that names a form. Use .wav, .flac, \(OutputFormat.suffixes)."
            )
        }
    }

    func run() async throws {
        try await Program.run(self.options.common) { program in
            guard let form = Form(fileName: self.output) else { return .usage }
            let place = try self.options.library(program).place(self.id)
            let reader = try RecordingReader(place)
            switch form {
            case .audio(let form): return try await self.write(reader, as: form, program)
            case .text(let format): return try self.write(reader, place, as: format, program)
            }
        }
    }

    private func write(
        _ reader: RecordingReader,
        as form: RecordingExport,
        _ program: Program
    ) async throws -> ExitCode {
        try form.write(try await self.audio(of: reader), to: self.output)
        let gaps = reader.info.gaps.isEmpty ? "" : ", gaps as silence"
        program.say("Wrote \(ClockText.text(reader.info.end.seconds)) to '\(self.output)'\(gaps).")
        guard !reader.damaged.isEmpty else { return .success }
        let seconds = SamplePosition(frames: reader.damaged.frames).seconds
        program.say(
            "\(RecordingsReport.text(seconds: seconds)) s are damaged and silent. 'steno recordings verify' tells where.",
            .warning
        )
        return .disk
    }

    /// The recording's own audio, or the file that it refers to while that is what it was.
    private func audio(of reader: RecordingReader) async throws -> any SampleSource {
        guard let file = reader.info.description.reference, !reader.info.hasAudio else { return reader }
        guard await FileContent.isUnchanged(file) else {
            throw Failure(.noInput, "The audio is in '\(file.path)', which is not there any more or was changed.")
        }
        return try AudioFile.open(file.path, spoolFolder: reader.info.folder + "/../../spool")
    }

    private func write(
        _ reader: RecordingReader,
        _ place: RecordingPlace,
        as format: OutputFormat,
        _ program: Program
    ) throws -> ExitCode {
        var file = OutputFile(path: self.output, format: format)
        let deliveries = reader.info.deliveries.isEmpty ? [] : try DeliveryBook(place).all()
        for event in try StoredEvents.all(of: reader, results: deliveries) { try file.receive(event) }
        let open = reader.info.coverage?.totals.unconfirmed
        program.say("Wrote the text of \(ClockText.text(reader.info.end.seconds)) to '\(self.output)'.")
        if open != 0 {
            program.say(
                "Not all of it was recognised. 'steno recordings show \(reader.info.description.id)' tells where."
            )
        }
        return .success
    }
}
