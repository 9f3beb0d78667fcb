import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet regenerate`.
struct NxVETRegenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regenerate",
        abstract: "Have a label's report made anew with another template.",
        usage: "steno nxvet regenerate <label> --template <id> [<options>]",
        discussion: """
            NxVET works on it after the call; a 504 is its usual answer and means that it has begun. Do not start it \
            again within 10 minutes.
            """
    )

    @Argument(help: "The label's id.")
    var label: String

    @Option(help: ArgumentHelp("The template's id, as 'steno nxvet templates' lists it.", valueName: "id"))
    var template: String

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            try await session.client.regenerate(self.label, template: self.template)
            try session.write(
                FieldView(
                    [("id", .string(self.label)), ("templateId", .string(self.template)), ("state", "started")],
                    fields: [("label", self.label), ("template", self.template), ("state", "started")]
                )
            )
            session.say("Look at it with 'steno nxvet label \(self.label)' in a few minutes.")
            return .success
        }
    }
}
