import ArgumentParser
import Steno
import StenoHTTP
import StenoHandoff
import StenoStore
import StenoWire

/// `steno nxvet aggregate`.
struct NxVETAggregateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aggregate",
        abstract: "Make one medical record of up to 5 labels of a patient.",
        usage: "steno nxvet aggregate <label> ... --patient <id> --template <id> [<options>]",
        discussion: """
            Each label is looked at first: one of another patient is refused. When the answer is lost nothing is sent \
            again; what may have been made is named, and the exit code is 75. With --wait the record is looked at after \
            10, 20, 40 ... 120 s until its clinical note is there.
            """
    )

    @Argument(help: "Ids of 1 to 5 labels.")
    var labels: [String]

    @Option(help: ArgumentHelp("The patient's id.", valueName: "id"))
    var patient: String

    @Option(help: ArgumentHelp("The template's id, as 'steno nxvet templates' lists it.", valueName: "id"))
    var template: String

    @Flag(help: "Wait until the record is written, for at most 30 minutes, and show it.")
    var wait = false

    @OptionGroup var options: NxVETOptions

    func validate() throws {
        if let problem = NxVETClient.problem(ofCombining: self.labels) { throw ValidationError(problem) }
    }

    func run() async throws {
        try await self.options.run { session in
            for id in self.labels {
                let label = try await session.client.label(id)
                if let patient = label.patient, patient.id != self.patient {
                    throw Failure(.usage, "Label '\(id)' belongs to another patient. Nothing was made.")
                }
            }
            let start = NxVETTime(milliseconds: WallClock.now())
            let id: String
            do throws(ServiceError) {
                id = try await session.client.aggregate(
                    self.labels,
                    patient: self.patient,
                    template: self.template
                )
            } catch {
                guard error.reason == .unknownOutcome, let start else { throw error }
                let found = try? await session.client.combined(for: self.patient, since: start)
                return session.report(
                    error,
                    candidates: (found ?? []).map(\.id),
                    advice: "Look with 'steno nxvet labels --types AggregateLabel' before you make it again."
                )
            }
            if self.wait { return try await session.waitForNote(of: id, after: nil) }
            try session.write(FieldView([("id", .string(id))], fields: [("label", id)]))
            session.say("The record is being written. Look at it with 'steno nxvet label \(id)'.")
            return .success
        }
    }
}
