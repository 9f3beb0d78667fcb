import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet complete`.
struct NxVETCompleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "End a conversation and have it processed.",
        usage: "steno nxvet complete <device> <conversation> [<options>]",
        discussion: """
            When it is done, 'steno nxvet conversation' shows the transcript, and its label is there. With --wait it is \
            looked at after 10, 20, 40 ... 120 s until then.
            """
    )

    @Argument(help: "The device's id.")
    var device: String

    @Argument(help: "The conversation's id.")
    var conversation: String

    @Flag(help: "Wait until it is processed, for at most 30 minutes, and show it.")
    var wait = false

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let state: String
            switch try await session.client.complete(self.conversation, on: self.device) {
            case .started: state = "started"
            case .before(let status):
                state = "completed before"
                session.say("It was completed before and is \(status.text). Nothing new has begun.")
            }
            if self.wait { return try await session.waitForEnd(of: self.conversation, on: self.device) }
            try session.write(
                FieldView(
                    [
                        ("deviceId", .string(self.device)), ("conversationId", .string(self.conversation)),
                        ("state", .string(state)),
                    ],
                    fields: [("device", self.device), ("conversation", self.conversation), ("state", state)]
                )
            )
            return .success
        }
    }
}
