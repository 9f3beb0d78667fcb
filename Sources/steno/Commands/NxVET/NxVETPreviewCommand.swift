import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet preview`.
struct NxVETPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show how much speech is in a stretch of up to 90 minutes.",
        usage: "steno nxvet preview <device> --from <time> --to <time> [<options>]"
    )

    @Argument(help: "The device's id.")
    var device: String

    @OptionGroup var stretch: NxVETRangeOptions
    @OptionGroup var options: NxVETOptions

    func validate() throws { try self.stretch.check(for: .preview) }

    func run() async throws {
        try await self.options.run { session in
            let preview = try await session.client.preview(of: self.device, self.stretch.range)
            let figures = [
                ("totalMinutes", "total", preview.total), ("speechMinutes", "speech", preview.speech),
                ("silentMinutes", "silent", preview.silent),
            ]
            try session.write(
                FieldView(
                    figures.map { ($0.0, .number($0.2)) },
                    fields: figures.map { (name: $0.1, value: "\(JSONValue.number($0.2).minutes) min") }
                )
            )
            if preview.speech <= 0 { session.say("No speech is there, so no conversation can be made of it.") }
            return .success
        }
    }
}
