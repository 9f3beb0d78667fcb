import ArgumentParser

/// `steno nxvet`: what clinic devices recorded with NxVET.
struct NxVETCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nxvet",
        abstract: "Read and shape what clinic devices recorded with NxVET.",
        discussion: """
            Needs NXVET_API_KEY, or --sandbox; without NXVET_ORG_ID the key's own organisation is asked for. On a terminal \
            lists are tables; a pipe gets a line for each row with tabs between its fields. --json and --csv are for \
            programs. Times are ISO 8601 (2026-05-10T09:00Z; without an offset, local) or epoch milliseconds.
            """,
        subcommands: [
            NxVETDevicesCommand.self, NxVETLabelsCommand.self, NxVETLabelCommand.self, NxVETAssignCommand.self,
            NxVETTemplatesCommand.self, NxVETAggregateCommand.self, NxVETRegenerateCommand.self,
            NxVETConversationsCommand.self, NxVETConversationCommand.self, NxVETTimelineCommand.self,
            NxVETPreviewCommand.self, NxVETCreateCommand.self, NxVETCompleteCommand.self,
        ]
    )
}
