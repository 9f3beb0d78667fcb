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
            again within 10 minutes. With --wait the label is looked at after 10, 20, 40 ... 120 s until its clinical note \
            is another one.
            """
    )

    @Argument(help: "The label's id.")
    var label: String

    @Option(help: ArgumentHelp("The template's id, as 'steno nxvet templates' lists it.", valueName: "id"))
    var template: String

    @Flag(help: "Wait until the report is there, for at most 30 minutes, and show it.")
    var wait = false

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let former = self.wait ? try await session.client.label(self.label).clinicalNote : nil
            try await session.client.regenerate(self.label, template: self.template)
            if self.wait { return try await session.waitForNote(of: self.label, after: former) }
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
