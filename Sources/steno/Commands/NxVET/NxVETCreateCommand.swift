import ArgumentParser
import Steno
import StenoHTTP
import StenoHandoff
import StenoWire

/// `steno nxvet create`.
struct NxVETCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a conversation of a stretch of up to 90 minutes.",
        usage: "steno nxvet create <device> --from <time> --to <time> [<options>]",
        discussion: """
            'steno nxvet preview' tells what the stretch holds, 'steno nxvet complete' then has the conversation \
            processed. When the answer is lost nothing is sent again; what may have been made is named, and the exit \
            code is 75.
            """
    )

    @Argument(help: "The device's id.")
    var device: String

    @OptionGroup var stretch: NxVETRangeOptions
    @OptionGroup var options: NxVETOptions

    func validate() throws { try self.stretch.check(for: .creation) }

    func run() async throws {
        try await self.options.run { session in
            let id: String
            do throws(ServiceError) {
                id = try await session.client.create(on: self.device, self.stretch.range)
            } catch {
                guard error.reason == .unknownOutcome else { throw error }
                let found = try? await session.client.active(on: self.device)
                return session.report(
                    error,
                    candidates: (found ?? []).map(\.id),
                    advice: "Look with 'steno nxvet conversations --status ACTIVE' before you make it again."
                )
            }
            try session.write(
                FieldView(
                    [("deviceId", .string(self.device)), ("conversationId", .string(id))],
                    fields: [("device", self.device), ("conversation", id)]
                )
            )
            session.say("Have it processed with 'steno nxvet complete \(self.device) \(id)'.")
            return .success
        }
    }
}
