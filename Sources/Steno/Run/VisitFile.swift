import StenoWire

/// Reads who a note is about from a JSON file, which other users of the machine cannot see, as they can see options.
package enum VisitFile {
    /// `name` (required), `gender`, `external_id`, and `metadata` as an object of texts.
    ///
    /// - Throws: `SettingsError`, which names the file and the field.
    package static func read(_ path: String) throws(SettingsError) -> VisitDetails {
        let text: String
        do throws(PrivateFile.Problem) {
            text = try PrivateFile.read(path)
        } catch {
            throw SettingsError(error.mistake(path))
        }
        guard let visit = try? JSONValue(parsing: text), visit.members != nil else {
            throw SettingsError("\(path): it is no JSON object. Write {\"name\": \"…\"}.")
        }
        guard let name = visit["name"]?.string, !name.isEmpty, name.count <= 100 else {
            throw SettingsError("\(path): name: a text of 1 to 100 characters is needed.")
        }
        var details = VisitDetails(name: name)
        if let gender = visit["gender"] {
            guard let known = gender.string.flatMap(VisitDetails.Gender.init) else {
                throw SettingsError("\(path): gender: use male, female or unidentified.")
            }
            details.gender = known
        }
        if let id = visit["external_id"] {
            guard let text = id.string, text.count <= 100 else {
                throw SettingsError("\(path): external_id: a text of at most 100 characters is needed.")
            }
            details.externalID = text
        }
        if let metadata = visit["metadata"] {
            guard let members = metadata.members else {
                throw SettingsError("\(path): metadata: an object of texts is needed.")
            }
            for member in members {
                guard let value = member.value.string else {
                    throw SettingsError("\(path): metadata: every value must be a text.")
                }
                details.metadata.append((member.name, value))
            }
        }
        return details
    }
}
