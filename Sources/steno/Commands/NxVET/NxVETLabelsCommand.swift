import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet labels`.
struct NxVETLabelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "List consultation records, which NxVET calls labels; the newest first.",
        usage: "steno nxvet labels [<options>]",
        discussion: """
            Shows one page, or with --all everything from --offset on. Types: \
            \(NxVETLabel.types.joined(separator: ", ")).
            """
    )

    @Option(
        help: ArgumentHelp("Only these types, separated by commas (default: all).", valueName: "type,...")
    )
    var types: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only patients whose name has this. Other users of this machine can see options.",
            valueName: "text"
        )
    )
    var patient: String?

    @Option(help: ArgumentHelp("Only what this device recorded: its name or serial number.", valueName: "device"))
    var device: String?

    @Option(
        help: ArgumentHelp("The order of the rows (default: FromTime, descending).", valueName: "name")
    )
    var sort: LabelQuery.Sorting?

    @Flag(help: "Order from the last to the first.")
    var descending = false

    @Option(help: ArgumentHelp("Rows of a page, 1 to 200 (default: 10; with --all 100).", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("Leave out this many rows at the beginning.", valueName: "count"))
    var offset = 0

    @Flag(help: "Read all pages.")
    var all = false

    @OptionGroup var options: NxVETOptions

    func validate() throws {
        guard (1...200).contains(self.limit ?? 1) else { throw ValidationError("--limit takes 1 to 200.") }
        guard (0...1_000_000_000).contains(self.offset) else {
            throw ValidationError("--offset takes a number from 0 to 1000000000.")
        }
    }

    func run() async throws {
        try await self.options.run { session in
            let list =
                self.all
                ? try await session.client.allLabels(self.query) : try await session.client.labels(self.query)
            try session.write(Self.listing(list.labels))
            if list.labels.isEmpty { session.say("No label matches.") }
            guard let next = list.nextOffset else { return .success }
            let total = list.total.map { " of \($0)" } ?? ""
            guard self.all else {
                session.say("These are \(list.labels.count)\(total). Go on with --offset \(next), or give --all.")
                return .success
            }
            session.say("The list is too long to be read whole. Go on with --offset \(next).", .warning)
            return .unfinished
        }
    }

    private var query: LabelQuery {
        let names = self.types.flatMap { $0.split(separator: ",").map { $0.filter { $0 != " " } } }
        let known = NxVETLabel.types + NxVETLabel.combinedTypes
        return LabelQuery(
            types: names.filter { !$0.isEmpty }.map { name in
                known.first { $0.lowercased() == name.lowercased() } ?? name
            },
            patientSearch: self.patient,
            device: self.device,
            sorting: self.sort ?? .fromTime,
            isDescending: self.sort == nil || self.descending,
            limit: self.limit ?? (self.all ? 100 : 10),
            offset: self.offset
        )
    }

    private static func listing(_ labels: [NxVETLabel]) -> Listing {
        Listing(
            [
                Listing.Column("id", "ID", isWhole: true), Listing.Column("type", "TYPE"),
                Listing.Column("fromTime", "FROM", isWhole: true), Listing.Column("toTime", "TO"),
                Listing.Column("patientId", "PATIENT ID"), Listing.Column("patientName", "PATIENT"),
                Listing.Column("friendlyName", "DEVICE"), Listing.Column("deviceSerial", "SERIAL"),
            ],
            rows: labels.map { label in
                Listing.Row(
                    [
                        .string(label.id), .string(label.type), .text(label.from?.description),
                        .text(label.to?.description), .text(label.patient?.id), .text(label.patient?.name),
                        .text(label.deviceName), .text(label.deviceSerial),
                    ],
                    members: label.members
                )
            }
        )
    }
}

extension LabelQuery.Sorting: ExpressibleByArgument {
    public init?(argument: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
            return nil
        }
        self = found
    }
}

extension NxVETLabel {
    /// What every label has, under the vendor's names.
    var members: [(String, JSONValue)] {
        [
            ("id", .string(self.id)), ("type", .string(self.type)), ("fromTime", .text(self.from?.description)),
            ("toTime", .text(self.to?.description)),
            (
                "patient",
                self.patient.map { ["id": .string($0.id), "name": .text($0.name)] } ?? .null
            ),
            ("friendlyName", .text(self.deviceName)), ("deviceSerial", .text(self.deviceSerial)),
        ]
    }
}
