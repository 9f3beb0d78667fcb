import NIOCore
import StenoWire

/// One note of the ConnectVets stand-in.
struct StoredNote: Sendable {
    enum Status: String, Sendable {
        case pending, processing, completed, failed
    }

    struct Pair: Hashable, Sendable {
        var key: String
        var value: String
    }

    struct Section: Hashable, Sendable {
        var id: String
        var title: String
        var label: String
        var content: String
        var order: String
    }

    var id: String
    var name: String
    var gender: String
    var externalID: String?
    var metadata: [Pair]
    var audioName: String
    /// What the upload was, in one sentence: the only text there is of it.
    var origin: String
    /// Of the create or the last reprocessing.
    var began: NIODeadline
    var createdAt: Int
    var updatedAt: Int
    /// Life of the note from `began` on; `nil` for one that never ends.
    var pendingFor: TimeAmount
    var processingFor: TimeAmount?
    var outcome: ConnectVetsFaults.Outcome
    var labels: ConnectVetsFaults.LabelLanguage
    var orderForm = ConnectVetsFaults.OrderForm.plain
    /// Made when the note is first seen completed.
    var sections: [Section] = []

    func status(at now: NIODeadline) -> Status {
        guard now >= self.began + self.pendingFor else { return .pending }
        guard let processing = self.processingFor, now >= self.began + self.pendingFor + processing else {
            return .processing
        }
        switch self.outcome {
        case .completed, .completedInvalid: return .completed
        case .failed, .failedWithError: return .failed
        }
    }

    /// Sections in the order of the service, each saying where its text comes from.
    func newSections() -> [Section] {
        let english = [
            ("Anamnesis", "anamnesis"), ("Physical exam", "physical_exam"), ("Diagnosis", "diagnosis"),
            ("Treatment", "treatment"),
        ]
        let portuguese = [
            ("Anamnese", "anamnese"), ("Exame físico", "exame_fisico"), ("Diagnóstico", "diagnostico"),
            ("Tratamento", "tratamento"),
        ]
        let names =
            switch self.labels {
            case .en: english
            case .pt, .typeInstead: portuguese
            case .mixed: Array(english[..<2] + portuguese[2...])
            }
        let sections = names.enumerated().map { index, name in
            Section(
                // The note's own id with another number in its fourth group.
                id: self.id.count == 36
                    ? "\(self.id.prefix(19))800\(index + 1)\(self.id.suffix(13))" : "\(self.id)/\(index + 1)",
                title: name.0,
                label: name.1,
                content: "\(PlainNote.label)\(name.0): \(self.origin)",
                order: self.orderForm.order(of: index)
            )
        }
        // As texts sort, which is not as numbers do.
        return self.orderForm == .tenBeforeTwo ? sections.sorted { $0.order < $1.order } : sections
    }

    var transcript: String { "\(PlainNote.label)\(self.origin)\n" }
}

extension ConnectVetsFaults.OrderForm {
    func order(of index: Int) -> String {
        switch self {
        case .plain: String(index + 1)
        case .tenBeforeTwo: ["1", "2", "10", "11"][min(index, 3)]
        case .nonNumber: index == 3 ? "last" : String(index + 1)
        case .gaps: String(index * 7 + 3)
        }
    }
}
