import StenoWire

/// The text parts of a create, checked.
struct CreateFields: Hashable {
    var name: String
    var gender: String
    var externalID: String?
    var metadata: [StoredNote.Pair]
    /// What is taken, but should not have been sent like this.
    var oddities: [String]

    static func read(
        _ texts: [String: String],
        taking form: ConnectVetsFaults.MetadataIn = .acceptBoth
    ) -> Result<CreateFields, MultipartError> {
        guard let name = texts["name"], (1...100).contains(name.count) else {
            return .failure(MultipartError(reason: "the name is missing, or longer than 100 characters"))
        }
        let gender = texts["gender"] ?? "unidentified"
        guard ["male", "female", "unidentified"].contains(gender) else {
            return .failure(MultipartError(reason: "the gender is none of male, female and unidentified"))
        }
        let externalID = texts["external_id"]
        guard (externalID?.count ?? 0) <= 100 else {
            return .failure(MultipartError(reason: "external_id is longer than 100 characters"))
        }
        var oddities: [String] = []
        guard Self.isTaken(texts["metadata"], by: form), let metadata = Self.metadata(texts["metadata"], &oddities)
        else {
            return .failure(MultipartError(reason: "the metadata is malformed"))
        }
        if !metadata.contains(where: { $0.key == "steno_delivery" && $0.value.utf8.count == 36 }) {
            oddities.append("the metadata has no steno_delivery with a UUID")
        }
        if externalID?.isEmpty != false { oddities.append("external_id is not sent") }
        return .success(
            CreateFields(
                name: name,
                gender: gender,
                externalID: externalID,
                metadata: metadata,
                oddities: oddities
            )
        )
    }

    private static func isTaken(_ text: String?, by form: ConnectVetsFaults.MetadataIn) -> Bool {
        guard let text, let value = try? JSONValue(parsing: text) else { return true }
        switch form {
        case .acceptBoth: return true
        case .arrayOnly: return value.array != nil
        case .objectOnly: return value.members != nil
        }
    }

    /// An array of pairs; an object too, as the overview's example has it, which a client should not send (CC-5).
    private static func metadata(_ text: String?, _ oddities: inout [String]) -> [StoredNote.Pair]? {
        guard let text else { return [] }
        guard let value = try? JSONValue(parsing: text) else { return nil }
        var pairs: [StoredNote.Pair] = []
        if let members = value.members {
            oddities.append("the metadata is an object and no array of pairs")
            for member in members {
                guard let text = member.value.string else { return nil }
                pairs.append(StoredNote.Pair(key: member.name, value: text))
            }
        } else if let items = value.array {
            for item in items {
                guard
                    item.members?.count == 2,
                    let key = item["key"]?.string, (1...50).contains(key.count),
                    let text = item["value"]?.string, (1...500).contains(text.count)
                else { return nil }
                pairs.append(StoredNote.Pair(key: key, value: text))
            }
        } else {
            return nil
        }
        return pairs
    }
}
