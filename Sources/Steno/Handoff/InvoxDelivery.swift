package import StenoCore
package import StenoHandoff
import StenoHTTP
package import StenoStore

/// Has Invox write a summary or a SOAP note from the transcript. Asked once: it may be billed, and nobody can look
/// whether it was made.
package struct InvoxDelivery: DeliveryTarget {
    let kind: SummaryKind
    let client: InvoxClient
    let material: DeliveryMaterial

    /// One service, with one limit, whatever is asked of it.
    package var name: String { "invox" }

    package func policy(for delivery: StoredDelivery) -> DeliveryPolicy {
        var policy = DeliveryPolicy()
        policy.canSearch = Settings.canSearch(delivery.target)
        return policy
    }

    package func send(_ delivery: StoredDelivery) async -> DeliveryTry {
        guard let language = DeliveryOrder(delivery.order)?.language else {
            return DeliveryTry(.rejected, reason: "Invox needs the language of the summary. Say --language CODE.")
        }
        do {
            let spoken = try await self.material.transcript()
            let summary = try await self.client.summarize(
                SummaryRequest(
                    transcript: spoken.text,
                    format: self.kind == .invoxSOAP ? .soap : .summary,
                    language: language
                )
            )
            let written = WrittenSummary(
                name: self.kind.rawValue,
                parts: Self.parts(of: summary.note),
                covers: spoken.covers,
                isPartial: spoken.isPartial
            )
            return DeliveryTry(.accepted(note: ""), result: DeliveryResult.summary(written).bytes)
        } catch let error as ServiceError {
            return DeliveryTry(error)
        } catch {
            return DeliveryTry(.notReceived(retryAfter: nil), reason: "The text of the recording cannot be read.")
        }
    }

    package func search(for delivery: StoredDelivery) async -> DeliverySearch { .found([]) }

    package func progress(of note: String, _ delivery: StoredDelivery) async -> DeliveryProgress {
        .done(result: delivery.result)
    }

    package func reprocess(_ note: String, _ delivery: StoredDelivery) async -> DeliveryProgress {
        .done(result: delivery.result)
    }

    private static func parts(of note: ClinicalNote) -> [WrittenSummary.Part] {
        note.parts.map { .init(title: $0.title, text: $0.text) }
    }
}
