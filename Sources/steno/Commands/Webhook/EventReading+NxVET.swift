import Steno
import StenoHTTP
import StenoHandoff
import StenoWebhook
import StenoWire

extension EventReading {
    /// Makes the call of the vendor's table for an event (contract NxVET §9.3).
    init(_ message: WebhookMessage, _ client: NxVETClient) async {
        do throws(ServiceError) {
            switch message.followUp {
            case .label(let id):
                let label = try await client.label(id)
                self = .found(
                    .object(FieldView(label).listing.rows[0].object.members ?? []).unversioned,
                    isFinished: true
                )
            case .conversation(let device, let id):
                let conversation = try await client.conversation(id, on: device)
                let members = conversation.members + [("transcriptText", .text(conversation.transcript))]
                let isFinished =
                    message.known != .conversationCompleted || conversation.transcript != nil
                    || conversation.status == .known(.failed) || conversation.status == .known(.filtered)
                self = .found(
                    .object(members.map { JSONMember(name: $0.0, value: $0.1) }),
                    isFinished: isFinished
                )
            case .deleted, .none: self = .gone
            }
        } catch {
            guard error.status != 404 else {
                self = .gone
                return
            }
            self = .failed(reason: error.message, retryAfter: error.retryAfter)
        }
    }
}

extension JSONValue {
    /// Inside another object that has a version.
    fileprivate var unversioned: JSONValue {
        .object((self.members ?? []).filter { $0.name != "v" })
    }
}
