internal import StenoWire

extension NxVETLabel {
    /// `nil` only without an id.
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.opaque, !id.isEmpty else { return nil }
        self.id = id
        self.type = value["type"]?.string ?? ""
        self.from = NxVETTime(value["fromTime"])
        self.to = NxVETTime(value["toTime"])
        self.patient = value["patient"]?["id"]?.opaque.map {
            Patient(id: $0, name: value["patient"]?["name"]?.string)
        }
        self.deviceName = value["friendlyName"]?.string
        self.deviceSerial = value["deviceSerial"]?.string
        self.status = Self.status(value["metadata"])
        self.notes = (value["ownedPatientNotes"]?.array ?? []).compactMap { NxVETNote($0) }
    }

    /// The metadata is a text that holds JSON.
    private static func status(_ metadata: JSONValue?) -> String? {
        let object = metadata?.string.flatMap { try? JSONValue(parsing: $0) } ?? metadata
        return object?["status"]?.string
    }
}
