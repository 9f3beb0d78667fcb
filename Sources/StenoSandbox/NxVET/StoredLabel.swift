import NIOCore
import StenoWire

/// One label of the NxVET stand-in.
struct StoredLabel: Sendable {
    /// When something is there.
    enum Moment: Hashable, Sendable {
        case at(NIODeadline)
        case never

        func hasCome(at now: NIODeadline) -> Bool {
            switch self {
            case .at(let moment): now >= moment
            case .never: false
            }
        }
    }

    var id: String
    var type: String
    /// Milliseconds since 1970.
    var from: Int
    var to: Int
    var patient: SandboxPatient?
    var device: SandboxDevice?
    var transcript: String
    /// When it begins to be listed: recordings may arrive late.
    var shown: NIODeadline
    /// When its content is there.
    var ready: Moment
    /// How often its report was made anew, and the content of the last time.
    var runs = 0
    var regenerated: (at: Moment, template: String)?

    /// The clinical note: parts of the transcript, and the template of the last regeneration that has ended.
    func clinicalNote(at now: NIODeadline) -> [(name: String, text: String)] {
        let said = self.transcript.replacing(PlainNote.label, with: "")
        var parts = zip(["Subjective", "Objective", "Assessment", "Plan"], PlainNote.quarters(said))
            .map { (name: $0.0, text: $0.1) }
        if let regenerated = self.regenerated, regenerated.at.hasCome(at: now) {
            parts.append((name: "Template", text: "\(PlainNote.label)\(regenerated.template), run \(self.runs)"))
        }
        return parts
    }
}

struct SandboxPatient: Hashable, Sendable {
    var id: String
    var name: String
}

struct SandboxDevice: Hashable, Sendable {
    var id: String
    var name: String
    var serial: String

    var isHub: Bool { self.serial.hasPrefix("nxhub-") }
}

struct SandboxTemplate: Hashable, Sendable {
    var id: String
    var name: String
    var content: String
}

/// What was made and begun, for tests: the service must never do twice what was asked once.
package struct NxVETTally: Hashable, Sendable {
    package var records = 0
    package var conversations = 0
    package var regenerations = 0
    package var completions = 0
    package var assignments = 0
}
