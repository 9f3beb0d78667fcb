import ArgumentParser
import Steno
import StenoHandoff
import StenoStore
import StenoWire

/// `steno nxvet timeline`.
struct NxVETTimelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show when a device heard speech, minute by minute, for up to 6 hours.",
        usage: "steno nxvet timeline <device> [--from <time>] [--to <time>] [<options>]",
        discussion: "Clocks differ, so two more minutes come at either end, unless that were more than 6 hours."
    )

    @Argument(help: "The device's id.")
    var device: String

    @Option(
        help: ArgumentHelp(
            "Where it begins: ISO 8601 or epoch milliseconds (default: 3 hours before the end).",
            valueName: "time"
        )
    )
    var from: NxVETMoment?

    @Option(help: ArgumentHelp("Where it ends (default: now).", valueName: "time"))
    var to: NxVETMoment?

    @OptionGroup var options: NxVETOptions

    func validate() throws {
        guard let range = self.range else { throw ValidationError("--from and --to must be after 1970.") }
        if let problem = range.problem(for: .timeline) { throw ValidationError(problem) }
    }

    private var range: NxVETRange? {
        guard let to = self.to?.time ?? NxVETTime(milliseconds: WallClock.now()),
            let from = self.from?.time ?? NxVETTime(milliseconds: to.milliseconds - 3 * 3_600_000)
        else { return nil }
        return NxVETRange(from: from, to: to)
    }

    func run() async throws {
        guard let range = self.range else { return }
        try await self.options.run { session in
            let minutes = try await session.client.timeline(of: self.device, range)
            if !minutes.contains(where: { !$0.isSilent }) { session.say("No speech was heard there.") }
            try session.write(Self.listing(minutes))
            return .success
        }
    }

    private static func listing(_ minutes: [TimelineMinute]) -> Listing {
        Listing(
            [
                Listing.Column("minuteStart", "MINUTE", isWhole: true), Listing.Column("vadIsSilent", "SILENT"),
                Listing.Column("vadSpeechDurationMs", "SPEECH MS"), Listing.Column("transcriptText", "TEXT"),
            ],
            rows: minutes.map { minute in
                let cells: [JSONValue] = [
                    .string(minute.start.description), .bool(minute.isSilent),
                    .integer(Int64(minute.speechMilliseconds)), .text(minute.transcript),
                ]
                let names = ["minuteStart", "vadIsSilent", "vadSpeechDurationMs", "transcriptText"]
                return Listing.Row(
                    cells,
                    members: [("minuteStartMs", .integer(minute.start.milliseconds))] + Array(zip(names, cells))
                )
            }
        )
    }
}
