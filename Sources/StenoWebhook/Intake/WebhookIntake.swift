package import StenoStore
internal import Synchronization

/// Takes one delivery: believes it, keeps it, and only then says so.
package final class WebhookIntake: Sendable {
    /// What the sender is told.
    package struct Answer: Hashable, Sendable {
        package let status: Int
        package let text: String

        static let taken = Answer(status: 200, text: "OK")
        static let forged = Answer(status: 401, text: "Invalid signature")
        static let malformed = Answer(status: 400, text: "Not a JSON object with a type")
        static let unavailable = Answer(status: 503, text: "Cannot be stored now; deliver it again later")
    }

    private static let noteName = "signature key"
    /// A longer one is not remembered as it is, but as having none.
    private static let longestDelivery = 200

    private let store: EventStore
    private let signature: WebhookSignature?
    private let now: @Sendable () -> Int64
    private let onArrival: @Sendable () -> Void
    private let onTrouble: @Sendable (StoreError) -> Void
    private let pinned: Mutex<WebhookSignature.KeyForm?>

    /// - Parameters:
    ///   - signature: `nil` believes everybody who can reach the port.
    ///   - now: milliseconds since 1970.
    ///   - onArrival: there is something new to be worked on.
    package init(
        store: EventStore,
        signature: WebhookSignature?,
        now: @escaping @Sendable () -> Int64,
        onArrival: @escaping @Sendable () -> Void,
        onTrouble: @escaping @Sendable (StoreError) -> Void
    ) async throws(StoreError) {
        self.store = store
        self.signature = signature
        self.now = now
        self.onArrival = onArrival
        self.onTrouble = onTrouble
        let noted = try await store.note(Self.noteName)
        self.pinned = Mutex(noted.flatMap { WebhookSignature.KeyForm(rawValue: $0) })
    }

    /// - Parameters:
    ///   - signatures: every header of that name.
    ///   - delivery: the id that the service gave it, if any.
    ///   - body: all of it.
    package func take(signatures: [String], delivery: String?, body: [UInt8]) async -> Answer {
        do throws(StoreError) {
            if let signature = self.signature {
                let pinned = self.pinned.withLock { $0 }
                guard signatures.count == 1,
                    let form = signature.verify(signatures[0], body: body, pinned: pinned)
                else { return .forged }
                if pinned == nil { try await self.pin(form) }
            }
            guard let message = WebhookMessage(body) else { return .malformed }
            let delivery = delivery.flatMap { Self.isID($0) ? $0 : nil }
            let addition = try await self.store.add(
                delivery: delivery,
                // What has no content of its own equals nothing.
                content: message.content ?? "\(message.type) \(UInt64.random(in: 0 ... .max))",
                body: body,
                at: self.now()
            )
            if case .added = addition { self.onArrival() }
            return .taken
        } catch {
            self.onTrouble(error)
            return .unavailable
        }
    }

    private func pin(_ form: WebhookSignature.KeyForm) async throws(StoreError) {
        try await self.store.setNote(Self.noteName, form.rawValue)
        self.pinned.withLock { $0 = $0 ?? form }
    }

    private static func isID(_ text: String) -> Bool {
        (1...Self.longestDelivery).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
