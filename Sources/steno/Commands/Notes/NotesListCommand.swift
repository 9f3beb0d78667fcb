import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno notes list`.
struct NotesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List notes, the newest first.",
        usage: "steno notes list [<options>]",
        discussion: "Shows the newest, or with --all every note. All filters given must hold; days are those of UTC."
    )

    @Option(
        help: ArgumentHelp(
            "Only in this state: pending, processing, completed or failed (default: all).",
            valueName: "state"
        )
    )
    var status: NoteStatus?

    @Option(
        help: ArgumentHelp(
            "Only patients whose name has this. Other users of this machine can see options.",
            valueName: "text"
        )
    )
    var name: String?

    @Option(help: ArgumentHelp("Made on this day or later, as in 2026-05-10.", valueName: "day"))
    var from: String?

    @Option(help: ArgumentHelp("Made on this day or earlier.", valueName: "day"))
    var to: String?

    @Option(help: ArgumentHelp("Made within the last so many days, 1 to 3650.", valueName: "count"))
    var days: Int?

    @Option(help: ArgumentHelp("Only with this reference of yours.", valueName: "id"))
    var externalID: String?

    @Option(
        help: ArgumentHelp(
            "Notes to show, 1 to 100 (default: 10); with --all what is asked for at a time (default: 100).",
            valueName: "count"
        )
    )
    var limit: Int?

    @Flag(help: "Read all pages.")
    var all = false

    @OptionGroup var options: NotesOptions

    func validate() throws {
        guard (1...ConnectVetsClient.longestPage).contains(self.limit ?? 1) else {
            throw ValidationError("--limit takes 1 to \(ConnectVetsClient.longestPage).")
        }
        guard (1...3_650).contains(self.days ?? 1) else { throw ValidationError("--days takes 1 to 3650.") }
        for (option, day) in [("--from", self.from), ("--to", self.to)] {
            guard day.map(CalendarDay.isDay) ?? true else {
                throw ValidationError("\(option) takes a day such as 2026-05-10.")
            }
        }
        if let from = self.from, let to = self.to, from > to {
            throw ValidationError("--to must not be before --from.")
        }
    }

    func run() async throws {
        try await self.options.run { session in
            let filter = NoteFilter(
                status: self.status,
                name: self.name,
                from: self.from,
                to: self.to,
                days: self.days,
                externalID: self.externalID
            )
            let length = self.limit ?? (self.all ? ConnectVetsClient.longestPage : 10)
            let list = try await session.client.notes(filter, limit: self.all ? .max : length, pageLength: length)
            try session.write(Self.listing(list.notes))
            if list.notes.isEmpty { session.say("No note matches.") }
            if list.hasMore { session.say("There are more notes. Give --all, or a filter.") }
            guard list.isCutShort else { return .success }
            session.say("The list is too long to be read whole. Narrow it with --from and --to.", .warning)
            return .unfinished
        }
    }

    private static func listing(_ notes: [ConnectVetsNote]) -> Listing {
        Listing(
            [
                Listing.Column("id", "ID", isWhole: true), Listing.Column("transcription_status", "STATUS"),
                Listing.Column("created_at", "MADE", isWhole: true), Listing.Column("name", "PATIENT"),
                Listing.Column("external_id", "EXTERNAL ID"),
            ],
            rows: notes.map { note in
                Listing.Row(
                    [
                        .string(note.id), .string(note.status.text), .text(note.createdAt), .text(note.name),
                        .text(note.externalID),
                    ],
                    members: note.members
                )
            }
        )
    }
}

extension NoteStatus: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
        guard self != .unknown else { return nil }
    }
}

extension ConnectVetsNote {
    /// What every note has, under the vendor's names.
    var members: [(String, JSONValue)] {
        [
            ("id", .string(self.id)), ("name", .text(self.name)), ("gender", .text(self.gender)),
            ("transcription_status", .string(self.status.text)), ("external_id", .text(self.externalID)),
            (
                "metadata",
                self.metadata.map { pairs in
                    .array(pairs.map { ["key": .string($0.key), "value": .string($0.value)] })
                } ?? .null
            ),
            ("created_at", .text(self.createdAt)), ("updated_at", .text(self.updatedAt)),
        ]
    }
}
