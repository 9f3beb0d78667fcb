import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet templates`.
struct NxVETTemplatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "List the templates for medical records.",
        usage: "steno nxvet templates [<options>]"
    )

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let templates = try await session.client.templates()
            if templates.isEmpty { session.say("The organisation has no templates.") }
            try session.write(
                Listing(
                    [
                        Listing.Column("id", "ID", isWhole: true), Listing.Column("name", "NAME"),
                        Listing.Column("content", "CONTENT"),
                    ],
                    rows: templates.map { template in
                        let cells: [JSONValue] = [
                            .string(template.id), .string(template.name), .string(template.content),
                        ]
                        return Listing.Row(cells, members: Array(zip(["id", "name", "content"], cells)))
                    }
                )
            )
            return .success
        }
    }
}
