import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet assign`.
struct NxVETAssignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Attach a patient to a label, and see that it is attached.",
        usage: "steno nxvet assign <label> <patient> [<options>]",
        discussion: "NxVET has no list of patients and no way to take one off again: take the id from your own records."
    )

    @Argument(help: "The label's id.")
    var label: String

    @Argument(help: "The patient's id.")
    var patient: String

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let label = try await session.client.assign(self.label, to: self.patient)
            try session.write(
                FieldView(
                    [
                        ("id", .string(label.id)), ("patientId", .text(label.patient?.id)),
                        ("patientName", .text(label.patient?.name)),
                    ],
                    fields: [
                        ("label", label.id), ("patient", label.patient?.id), ("name", label.patient?.name),
                    ]
                )
            )
            guard label.patient?.id == self.patient else {
                session.say(
                    "NxVET took the assignment, but the label does not show it. Look again with "
                        + "'steno nxvet label \(self.label)'.",
                    .warning
                )
                return .unfinished
            }
            return .success
        }
    }
}
