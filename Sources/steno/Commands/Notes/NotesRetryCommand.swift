import ArgumentParser
import Steno
import StenoHTTP
import StenoHandoff
import StenoWire

/// `steno notes retry`.
struct NotesRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Have a failed note processed again.",
        usage: "steno notes retry <note> [--again] [<options>]",
        discussion: """
            With --again also one that did not fail. Its sections may be lost by that, so they are written to standard \
            output before.
            """
    )

    @Argument(help: "Its id.")
    var note: String

    @Flag(help: "Also when the note did not fail; costs a whole processing more.")
    var again = false

    @OptionGroup var options: NotesOptions

    func run() async throws {
        try await self.options.run { session in
            if self.again {
                let former = try await session.client.note(self.note)
                if !former.sections.isEmpty { try session.write(FieldView(former, transcript: nil)) }
            }
            let outcome: ConnectVetsClient.RetryOutcome
            do throws(ServiceError) {
                outcome = try await session.client.retry(self.note, isAnyState: self.again)
            } catch {
                guard error.reason == .unknownOutcome else { throw error }
                let code = session.report(error)
                session.say("'steno notes status \(self.note)' tells whether it is processed again.")
                return code
            }
            let state = outcome == .accepted ? "started" : "running"
            try session.write(
                FieldView(
                    [("id", .string(self.note)), ("state", .string(state))],
                    fields: [("note", self.note), ("state", outcome == .accepted ? "started" : "running already")]
                )
            )
            session.say("'steno notes status \(self.note) --wait' waits for it.")
            return .success
        }
    }
}
