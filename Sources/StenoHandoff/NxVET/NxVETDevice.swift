internal import StenoWire

/// A device of the organisation: a hub, a recorder, or the app of a person.
package struct NxVETDevice: Hashable, Sendable {
    package let id: String
    package let name: String
    package let serial: String?
    /// When a hub was last heard of.
    package let lastReport: NxVETTime?
    package let firmware: String?
}

extension NxVETDevice {
    /// Under either pair of names (NC-6); `nil` only without an id.
    init?(_ value: JSONValue) {
        guard let id = Self.text(value, "value", "id") else { return nil }
        self.id = id
        self.serial = Self.text(value, "serial")
        self.name = Self.text(value, "displayName", "friendlyName", "serial") ?? id
        self.lastReport = NxVETTime(value["nxHubLastReportTime"])
        self.firmware = Self.text(value, "nxHubCurrentFirmwareVersion")
    }

    private static func text(_ value: JSONValue, _ names: String...) -> String? {
        names.lazy.compactMap { value[$0]?.opaque }.first { !$0.isEmpty }
    }
}

extension JSONValue {
    /// An identifier: a text, or the digits of a number.
    var opaque: String? { self.string ?? self.int.map(String.init) }

    /// The rows of a list: the root itself, or the first member that has them.
    func rows(_ names: String...) -> [JSONValue]? {
        self.array ?? names.lazy.compactMap { self[$0]?.array }.first
    }
}
