import StenoCore
package import StenoHandoff
import StenoHTTP
import StenoStore
import Synchronization

/// Tells what becomes of one delivery as events of a run, and what it means for the exit code.
///
/// While it is tried again and again, each state is told once: a person needs no line for every try.
package final class DeliveryNarrator: Sendable {
    private struct Told: Hashable {
        var state: DeliveryReport.State
        var reason: String?
    }

    private let target: String
    private let report: @Sendable (RunEvent) -> Void
    private let told = Mutex<Set<Told>>([])

    package init(target: String, tell: @escaping @Sendable (RunEvent) -> Void) {
        self.target = target
        self.report = tell
    }

    package func tell(_ news: DeliveryNews) {
        switch news {
        case .sending: self.say(.sending)
        case .searching: self.say(.unknown, reason: "Looking for it at the service.")
        case .waiting(_, let reason): self.say(.waiting, reason: reason)
        case .processing(let note): self.say(.processing, id: note.isEmpty ? nil : note)
        case .warning(let text): self.report(.warning(text))
        }
    }

    /// - Returns: what it means for the exit code.
    package func end(_ outcome: DeliveryOutcome) -> ExitCode {
        let summary = outcome.delivery?.summary
        let (id, reason) = (summary?.note, summary?.reason)
        switch outcome.end {
        case .done: return self.done(outcome)
        case .closed:
            self.say(summary.map(DeliveryReport.State.init) ?? .dropped, id: id, reason: reason)
            return .success
        case .processing:
            let advice = "It still works on the note, which will be there under this id."
            self.say(.processing, id: id, reason: advice)
        case .waiting: self.say(.waiting, id: id, reason: reason)
        case .parked(let why):
            self.say(summary.map(DeliveryReport.State.init) ?? .failed, id: id, reason: reason)
            if why == .refused { return .refused }
            if why == .rejected, outcome.failure == .misconfigured { return .configuration }
        case .busy(let error): self.say(.waiting, id: id, reason: error.description)
        case .notStored(let error):
            self.say(.failed, id: id, reason: error.description)
            return .disk
        }
        return .unfinished
    }

    private func done(_ outcome: DeliveryOutcome) -> ExitCode {
        let duplicates = outcome.delivery?.memory.duplicates ?? 0
        if duplicates > 0 {
            self.report(
                .warning("\(self.target) has \(duplicates + 1) notes of this delivery; remove what is too much.")
            )
        }
        let note = outcome.delivery?.summary.note
        switch outcome.delivery?.result.flatMap(DeliveryResult.init) {
        case .summary(let summary): self.report(.summary(summary))
        case .sections(let sections):
            self.report(
                .delivery(DeliveryReport(target: self.target, state: .done, noteID: note, sections: sections))
            )
        case nil: self.say(.done, id: note)
        }
        return .success
    }

    private func sayOnce(_ state: DeliveryReport.State, reason: String? = nil) {
        guard self.told.withLock({ $0.insert(Told(state: state, reason: reason)).inserted }) else { return }
        self.say(state, reason: reason)
    }

    private func say(_ state: DeliveryReport.State, id: String? = nil, reason: String? = nil) {
        self.report(.delivery(DeliveryReport(target: self.target, state: state, noteID: id, reason: reason)))
    }
}
