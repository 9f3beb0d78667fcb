import StenoWire

/// Forms of the answers of ConnectVets (contract §5).
struct ConnectVetsAnswer: Sendable {
    let desk: ConnectVetsDesk
    /// Where transcripts are fetched.
    let cdn: String

    func success(_ status: Int, _ data: JSONValue, isCreate: Bool = false) -> HTTPReply {
        switch self.desk.faults.envelope.value(at: self.desk.count(.answers)) {
        case .allData: .json(status, ["data": data, "meta": [:]])
        case .createBare: .json(status, isCreate ? data : ["data": data, "meta": [:]])
        case .allBare: .json(status, data)
        case .dataPlusStatus: .json(status, ["data": data, "status": "success"])
        case .dataPlusMessage: .json(status, ["data": data, "message": "[sandbox] done"])
        }
    }

    func error(_ status: Int, _ code: String, _ message: String, details: JSONValue? = nil) -> HTTPReply {
        let slug = Self.slug(status)
        switch self.desk.faults.errorShape.value(at: self.desk.count(.errors)) {
        case .flat:
            var members: [JSONMember] = [
                JSONMember(name: "error", value: .string(slug)),
                JSONMember(name: "message", value: .string(message)),
                JSONMember(name: "code", value: .string(code)),
            ]
            if let details { members.append(JSONMember(name: "details", value: details)) }
            return .json(status, .object(members))
        case .nested:
            let error: JSONValue = [
                "code": .string(code.lowercased()),
                "message": .string(message),
                "details": details ?? [:],
                "request_id": "sandbox",
            ]
            return .json(status, ["error": error])
        case .minimal:
            return .json(status, ["error": .string(slug)])
        case .html:
            return .html(status)
        case .empty:
            return HTTPReply(status: status)
        }
    }

    private static func slug(_ status: Int) -> String {
        switch status {
        case 400: "bad_request"
        case 401: "unauthorized"
        case 402: "payment_required"
        case 403: "forbidden"
        case 404: "not_found"
        case 405: "method_not_allowed"
        case 409: "conflict"
        case 411: "length_required"
        case 413: "payload_too_large"
        case 422: "unprocessable_entity"
        case 429: "too_many_requests"
        case 503: "service_unavailable"
        default: "internal_error"
        }
    }

    // MARK: - Values

    /// - Parameter sections: lists carry none.
    func note(_ note: StoredNote, sections: Bool) -> JSONValue {
        let status = note.status(at: self.desk.now)
        let isCompleted = status == .completed
        let view = self.desk.count(.noteViews)
        let statusField = self.desk.faults.statusField.value(at: view).rawValue
        let rows = isCompleted ? (note.sections.isEmpty ? note.newSections() : note.sections) : []
        let sections: [JSONMember] =
            sections ? [JSONMember(name: "note_sections", value: .array(rows.map(self.section)))] : []
        let state = JSONMember(name: statusField, value: self.state(status))
        guard self.desk.faults.slimNote.value(at: view) == .no else {
            return .object([JSONMember(name: "id", value: .string(note.id)), state] + sections)
        }
        var members: [JSONMember] = [
            JSONMember(name: "id", value: .string(note.id)),
            JSONMember(name: "name", value: .string(note.name)),
            JSONMember(name: "gender", value: .string(note.gender)),
            state,
            JSONMember(name: "external_id", value: note.externalID.map { .string($0) } ?? .null),
            JSONMember(name: "metadata", value: self.metadata(note.metadata, view)),
            JSONMember(name: "audio_name", value: .string(note.audioName)),
            JSONMember(
                name: "transcription_url",
                value: isCompleted ? .string("\(self.cdn)/transcripts/\(note.id).txt") : .null
            ),
            JSONMember(name: "created_at", value: .string(WallTime.text(secondsSince1970: note.createdAt))),
            JSONMember(name: "updated_at", value: .string(WallTime.text(secondsSince1970: note.updatedAt))),
        ]
        if status == .failed, note.outcome == .failedWithError {
            members.append(JSONMember(name: "error_message", value: "[sandbox] a failure that was asked for"))
        }
        return .object(members + sections)
    }

    /// A state, or one nobody documented on the way to it.
    func state(_ status: StoredNote.Status) -> JSONValue {
        guard self.desk.faults.extraStates.value(at: self.desk.count(.states)) == .on else {
            return .string(status.rawValue)
        }
        switch status {
        case .pending: return "analyzing"
        case .processing: return "transcribing"
        case .completed, .failed: return .string(status.rawValue)
        }
    }

    func section(_ section: StoredNote.Section) -> JSONValue {
        let hasID = self.desk.faults.sectionIds.value(at: self.desk.count(.sectionViews)) == .yes
        let isType = self.desk.faults.labelLang.value(at: 1) == .typeInstead
        let id = hasID ? [JSONMember(name: "id", value: .string(section.id))] : []
        return .object(
            id + [
                JSONMember(name: "title", value: .string(section.title)),
                JSONMember(name: isType ? "type" : "label", value: .string(section.label)),
                JSONMember(name: "content", value: .string(section.content)),
                JSONMember(name: "order", value: .string(section.order)),
            ]
        )
    }

    private func metadata(_ pairs: [StoredNote.Pair], _ view: Int) -> JSONValue {
        let array = JSONValue.array(pairs.map { ["key": .string($0.key), "value": .string($0.value)] })
        let object = JSONValue.object(pairs.map { JSONMember(name: $0.key, value: .string($0.value)) })
        switch self.desk.faults.metadataOut.value(at: view) {
        case .array: return array
        case .object: return object
        case .jsonString: return .string(array.serialized())
        case .null: return .null
        }
    }
}
