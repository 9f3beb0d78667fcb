import ArgumentParser
import Steno
import StenoJuvoly

/// Options shared by everything that has audio recognised.
struct RecognitionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who recognises; local works on this machine and understands English only (default: juvoly).",
            valueName: "engine"
        )
    )
    var engine: EngineChoice?

    @Option(help: ArgumentHelp("Juvoly model to recognise with (default: generic).", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp("What is sent: raw PCM, or FLAC at about half the bytes (default: pcm).", valueName: "form")
    )
    var uplink: JuvolyConfiguration.Uplink?

    @Option(
        help: ArgumentHelp(
            "Use a sandbox instead of every real service: the one at URL, or a new one (default: real services).",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @Option(help: ArgumentHelp("What standard output carries; jsonl is live.", valueName: "format"))
    var format: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "Write the result to this file too, in the format of its suffix (\(OutputFormat.suffixes)); repeatable.",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: [String] = []

    @Option(help: ArgumentHelp("Make a summary of this kind; repeatable.", valueName: "kind"))
    var summary: [SummaryKind] = []

    @Option(
        help: ArgumentHelp(
            "Language of the speech and of Invox summaries, as an ISO 639 code such as en (default: not said).",
            valueName: "code"
        )
    )
    var language: String?

    @Option(help: ArgumentHelp("Hand the recording over for a note.", valueName: "target"))
    var upload: UploadTarget?

    @Flag(help: "Ask the service for codings, resources and measurements.")
    var information = false

    @Flag(help: "Wait until the far side has finished the note, and show it.")
    var wait = false
}

enum EngineChoice: String, ExpressibleByArgument, CaseIterable {
    case juvoly, local
}

enum UploadTarget: String, ExpressibleByArgument, CaseIterable {
    case connectvets
}

extension OutputFormat: ExpressibleByArgument {}
extension SummaryKind: ExpressibleByArgument {}
extension JuvolyConfiguration.Uplink: ExpressibleByArgument {}
