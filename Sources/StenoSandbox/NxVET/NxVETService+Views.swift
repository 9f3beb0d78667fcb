import StenoWire

// How labels and conversations are sent.
extension NxVETService {
    /// - Parameter isWhole: rows of a list have no notes, and do not say so (§4.1).
    func label(_ label: StoredLabel, isWhole: Bool) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember(name: "id", value: .string(label.id)),
            JSONMember(name: "type", value: .string(label.type)),
            JSONMember(name: "fromTime", value: self.time(label.from)),
            JSONMember(name: "toTime", value: self.time(label.to)),
            JSONMember(
                name: "patient",
                value: label.patient.map { ["id": .string($0.id), "name": .string($0.name)] } ?? .null
            ),
            JSONMember(name: "friendlyName", value: label.device.map { .string($0.name) } ?? .null),
            JSONMember(name: "deviceSerial", value: label.device.map { .string($0.serial) } ?? .null),
        ]
        guard isWhole else {
            members.append(JSONMember(name: "ownedPatientNotes", value: .null))
            return .object(members)
        }
        let isReady = label.ready.hasCome(at: self.desk.now)
        members.append(JSONMember(name: "ownedPatientNotes", value: self.notes(label, isReady: isReady)))
        let status = isReady ? "DONE" : "PROCESSING"
        members.append(JSONMember(name: "metadata", value: .string(#"{"status":"\#(status)"}"#)))
        return .object(members)
    }

    private func notes(_ label: StoredLabel, isReady: Bool) -> JSONValue {
        let fault = self.desk.faults.noteContent.value(at: self.desk.count(.views))
        guard isReady else { return [] }
        let parts = label.clinicalNote(at: self.desk.now)
        let note = parts.map { "\($0.name): \($0.text)" }.joined(separator: "\n")
        let object = JSONValue.object(
            parts.map { JSONMember(name: $0.name, value: ["value": .string($0.text)]) }
        )
        func content(_ clinical: JSONValue) -> String {
            let content: JSONValue = [
                "english_soap": .string(label.transcript), "clinical_note": clinical, "language": "en",
            ]
            return content.serialized()
        }
        let whole = content(.string(note))
        switch fault {
        case .json, .noteAsText: return [["content": .string(whole)]]
        case .plainText:
            return [
                ["type": "Transcript", "content": .string(label.transcript)],
                ["type": "SOAP", "content": .string(note)],
            ]
        case .empty: return [["content": "{}"]]
        case .null: return .null
        case .truncated: return [["content": .string(String(whole.prefix(whole.count / 2)))]]
        case .noteAsObject: return [["content": .string(content(object))]]
        }
    }

    /// - Parameter milliseconds: since 1970.
    func time(_ milliseconds: Int) -> JSONValue {
        switch self.desk.faults.timeUnit.value(at: 1) {
        case .milliseconds: .integer(Int64(milliseconds))
        case .seconds: .integer(Int64(milliseconds / 1_000))
        case .iso: .string(WallTime.text(secondsSince1970: milliseconds / 1_000))
        }
    }

    /// - Parameter isWhole: rows of a list have no transcript.
    func conversation(_ conversation: StoredConversation, isWhole: Bool) -> JSONValue {
        let status = self.desk.status(of: conversation)
        let minutes = SandboxMinute.all(from: conversation.from, to: conversation.to)
        var members: [JSONMember] = [
            JSONMember(name: "conversationId", value: .string(conversation.id)),
            JSONMember(name: "deviceId", value: .string(conversation.device.id)),
            JSONMember(name: "status", value: .string(self.written(status))),
            JSONMember(name: "speechMinuteCount", value: .integer(Int64(minutes.filter { !$0.isSilent }.count))),
            JSONMember(name: "createdAt", value: self.time(conversation.made)),
        ]
        guard isWhole else { return .object(members) }
        let fault = self.desk.faults.detailText.value(at: self.desk.count(.conversationViews))
        guard status == .completed, fault != .empty else {
            members.append(JSONMember(name: "transcriptText", value: .null))
            return .object(members)
        }
        let text = minutes.compactMap(\.text).joined(separator: " ")
        members.append(JSONMember(name: fault.rawValue, value: .string(text)))
        return .object(members)
    }

    private func written(_ status: StoredConversation.Status) -> String {
        switch self.desk.faults.statusCase.value(at: self.desk.count(.conversationRows)) {
        case .upper: status.rawValue
        case .lower: status.rawValue.lowercased()
        case .unknown: "SANDBOX_NOVELTY"
        }
    }
}
