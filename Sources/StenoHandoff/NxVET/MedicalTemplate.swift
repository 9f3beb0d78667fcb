internal import StenoWire

/// A template for records of the organisation.
package struct MedicalTemplate: Hashable, Sendable {
    package let id: String
    package let name: String
    package let content: String
}

extension MedicalTemplate {
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.opaque, !id.isEmpty else { return nil }
        self.id = id
        self.name = value["name"]?.string ?? ""
        self.content = value["content"]?.string ?? ""
    }
}
