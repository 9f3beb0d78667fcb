import ArgumentParser
import Steno
import StenoJuvoly

/// Options shared by everything that has audio recognised.
struct RecognitionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who recognises: juvoly or local (default: juvoly). local understands English only.", valueName: "engine"))
    var engine: EngineChoice?

    @Option(help: ArgumentHelp("Juvoly model (default: generic).", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("What is sent: pcm, or flac at about half the bytes (default: pcm).", valueName: "form"))
    var uplink: JuvolyConfiguration.Uplink?

    @Option(help: ArgumentHelp("Use a sandbox instead of every real service; bare --sandbox starts one, --sandbox=URL uses that one.", valueName: "URL"))
    var sandbox: SandboxChoice?

    @Option(help: ArgumentHelp("What standard output carries: text, jsonl, json, srt, vtt or md (default: text).", valueName: "format"))
    var format: OutputFormat = .text

    @Option(help: ArgumentHelp("Write the result to this file too; the suffix chooses the format (\(OutputFormat.suffixes)). Repeatable.", valueName: "file"))
    var output: [String] = []

    @Option(help: ArgumentHelp("Make a summary: soep, invox or invox-soap. Repeatable.", valueName: "kind"))
    var summary: [SummaryKind] = []

    @Option(help: ArgumentHelp("Language of the speech and of Invox summaries, an ISO 639 code.", valueName: "code"))
    var language: String?

    @Option(help: ArgumentHelp("Hand the recording over for a note: connectvets.", valueName: "target"))
    var upload: UploadTarget?

    @Flag(help: "Ask the service for codings, resources and measurements.")
    var information = false

    @Flag(help: "Wait until the far side has finished the note, and show it.")
    var wait = false

    @OptionGroup(title: "About the visit (for --upload)")
    var visit: VisitOptions
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

/// Who the note is about. Other users of the machine can see options, so a file is the safer way.
struct VisitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read name, gender, external_id and metadata from this JSON file (mode 0600).", valueName: "file"))
    var visit: String?

    @Option(help: ArgumentHelp("Patient's name. Other users of this machine can see options; --visit keeps it private.", valueName: "name"))
    var patient: String?

    @Option(help: ArgumentHelp("male, female or unidentified (default: unidentified).", valueName: "gender"))
    var gender: String?

    @Option(help: ArgumentHelp("Your own reference for the visit, at most 100 characters. Other users can see options.", valueName: "id"))
    var externalId: String?

    @Option(help: ArgumentHelp("A further fact, as KEY=VALUE. Repeatable. Other users can see options.", valueName: "key=value"))
    var meta: [String] = []
}
