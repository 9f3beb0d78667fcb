package import StenoHTTP
internal import StenoWire

extension NxVETClient {
    /// The largest number of devices asked for, as in the vendor's example: what is beyond is not listed.
    package static let deviceLimit = 200

    /// The devices of the organisation.
    package func devices(limit: Int = NxVETClient.deviceLimit) async throws(ServiceError) -> [NxVETDevice] {
        let url = self.configuration.base.appending("devices").querying([
            ("organizationId", self.configuration.organisationID), ("limit", String(limit)),
        ])
        return try await self.read(url) { answer in
            Self.rows(answer)?.compactMap { NxVETDevice($0) }
        }
    }

    /// The rows of a list that is not paged; nothing at all is an empty one (§8).
    static func rows(_ answer: HTTPAnswer) -> [JSONValue]? {
        answer.status == 204 ? [] : answer.json?.rows("data", "items")
    }

    /// Runs `call` with the device's id, and once more under its other name when the service does not know it by that
    /// one: which of the two belongs into a path is not documented (NA-2).
    func naming<Value>(
        _ device: String,
        _ call: (String) async throws(ServiceError) -> Value
    ) async throws(ServiceError) -> Value {
        do {
            return try await call(device)
        } catch {
            guard error.status == 404, let devices = try? await self.devices(),
                let other = Self.otherName(of: device, in: devices)
            else { throw error }
            return try await call(other)
        }
    }

    /// The serial number of an id, or the id of a serial number or a name.
    static func otherName(of device: String, in devices: [NxVETDevice]) -> String? {
        if let found = devices.first(where: { $0.id == device }) { return found.serial }
        let named = devices.filter { $0.serial == device || $0.name == device }
        return named.count == 1 ? named[0].id : nil
    }
}
