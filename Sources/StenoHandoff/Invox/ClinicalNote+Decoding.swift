internal import StenoWire

extension ClinicalNote {
    /// By the type of the value, not by what was asked for: a text, an object with `fields`, or the fields themselves
    /// (IC-3). `nil` for anything else.
    init?(_ value: JSONValue?) {
        switch value {
        case .string(let text):
            self = .text(text)
        case .array(let items):
            self = .fields(items.compactMap(Self.field))
        case .object:
            guard let items = value?["fields"]?.array else { return nil }
            self = .fields(items.compactMap(Self.field))
        default:
            return nil
        }
    }

    private static func field(_ value: JSONValue) -> Field? {
        if let text = value.string { return Field(name: "", description: "", value: text) }
        guard value.members != nil else { return nil }
        return Field(
            name: value["name"]?.string ?? "",
            description: value["description"]?.string ?? "",
            value: Self.text(value["value"])
        )
    }

    /// Values of another type than documented are shown as they are rather than dropped (IA-14).
    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .none, .some(.null): ""
        case .some(.string(let text)): text
        case .some(let other): other.serialized()
        }
    }
}
