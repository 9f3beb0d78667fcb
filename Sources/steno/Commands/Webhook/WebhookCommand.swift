import ArgumentParser

/// `steno webhook`: what NxVET tells by itself.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Receive what NxVET tells by itself.",
        subcommands: [WebhookServeCommand.self]
    )
}
