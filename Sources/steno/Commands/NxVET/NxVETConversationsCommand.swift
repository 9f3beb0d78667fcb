import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet conversations`.
struct NxVETConversationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conversations",
        abstract: "List the conversations that hubs recorded.",
        usage: "steno nxvet conversations [<options>]",
        discussion: "Shows one page, or with --all everything."
    )

    @Option(
        help: ArgumentHelp(
            "Only with this status: ACTIVE, COMPLETED, PROCESSING, UPLOADED, FAILED or FILTERED (default: all).",
            valueName: "status"
        )
    )
    var status: ConversationStatus.Known?

    @Option(help: ArgumentHelp("Rows of a page, 1 to 200.", valueName: "count"))
    var pageSize = 20

    @Option(help: ArgumentHelp("Go on at the page that the last one named.", valueName: "token"))
    var pageToken: String?

    @Flag(help: "Read all pages.")
    var all = false

    @OptionGroup var options: NxVETOptions

    func validate() throws {
        guard (1...200).contains(self.pageSize) else { throw ValidationError("--page-size takes 1 to 200.") }
    }

    func run() async throws {
        try await self.options.run { session in
            let list =
                self.all
                ? try await session.client.allConversations(
                    status: self.status,
                    pageSize: self.pageSize,
                    pageToken: self.pageToken
                )
                : try await session.client.conversations(
                    status: self.status,
                    pageSize: self.pageSize,
                    pageToken: self.pageToken
                )
            try session.write(Self.listing(list.conversations))
            if list.conversations.isEmpty { session.say("No conversation matches.") }
            if let token = list.nextPageToken {
                session.say("There are more. Go on with --page-token '\(token)', or give --all.")
            }
            guard list.isCutShort else { return .success }
            session.say("NxVET has more conversations than it gives. Narrow them with --status.", .warning)
            return .unfinished
        }
    }

    private static func listing(_ conversations: [NxVETConversation]) -> Listing {
        Listing(
            [
                Listing.Column("deviceId", "DEVICE", isWhole: true),
                Listing.Column("conversationId", "CONVERSATION", isWhole: true), Listing.Column("status", "STATUS"),
                Listing.Column("speechMinuteCount", "SPEECH MIN"), Listing.Column("createdAt", "MADE"),
            ],
            rows: conversations.map { conversation in
                let members = conversation.members
                return Listing.Row(members.map(\.1), members: members)
            }
        )
    }
}

extension ConversationStatus.Known: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

extension NxVETConversation {
    /// What every conversation has, under the vendor's names.
    var members: [(String, JSONValue)] {
        [
            ("deviceId", .text(self.deviceID)), ("conversationId", .string(self.id)),
            ("status", .string(self.status.text)),
            ("speechMinuteCount", self.speechMinutes.map { .number($0) } ?? .null),
            ("createdAt", .text(self.made?.description)),
        ]
    }
}
