package import StenoHTTP
internal import StenoWire

extension NxVETClient {
    /// The organisation that the key is for. Two calls tell it, and not every service has both (NC-16).
    /// - Throws: the error of the second call when neither tells it.
    package func organisation() async throws(ServiceError) -> String {
        do {
            return try await self.organisation("me")
        } catch {
            guard error.status == 404 || error.status == 405 else { throw error }
        }
        return try await self.organisation("introspect-org")
    }

    private func organisation(_ call: String) async throws(ServiceError) -> String {
        try await self.read(self.configuration.base.appending("auth", call)) { answer in
            answer.json?["organizationId"]?.opaque.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
