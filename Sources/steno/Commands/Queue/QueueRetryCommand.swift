import ArgumentParser
import Steno
import StenoHandoff
import StenoStore

/// `steno queue retry`.
struct QueueRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Hand over what waits.",
        usage: "steno queue retry [<id> ...] [<options>]",
        discussion: """
            Without an id all that waits or is parked is tried once, but what is held, and what may be made already by a \
            service that nobody can ask for it: that is named, and waits for its id. A service that is down holds up \
            nothing that goes elsewhere. What is on its way in another process is left to it. With --watch it stays, \
            and hands over what comes as soon as its service can be reached, until Ctrl-C.

            One line is written for each hand-off as it ends. The exit code is 0 when all of them are done, 75 when \
            something still waits, and 77 when a service refused the key.
            """
    )

    @Argument(help: "Ids of recordings or of hand-offs (default: all).")
    var ids: [String] = []

    @Flag(help: "Stay, and hand over what comes, until Ctrl-C.")
    var watch = false

    @Flag(help: "Write one JSON object per line.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Only what was made with --sandbox, and to the sandbox at this address, or to one of its own.",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !self.watch || self.ids.isEmpty else {
            throw ValidationError("--watch works on all there is. Leave out the ids.")
        }
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            let run = try await QueueRun(
                self.sandbox,
                form: Listing.Form(json: self.json, csv: false),
                in: program
            )
            let code = self.watch ? await run.watch() : try await run.retry(self.ids)
            await run.end()
            return code
        }
    }
}
