import NIOCore
import StenoWire

// Templates, records, regeneration and audio (contract §4.4 to 4.7).
extension NxVETService {
    static let recordLimit = 5

    func templates(_ organisation: String, _ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "4.4", []) ?? self.checkOrganisation(organisation, "4.4") {
            return refusal
        }
        switch self.desk.faults.templates.value(at: self.desk.count(.templates)) {
        case .none: return .json(200, [])
        case .serverError: return self.error(500, "internal error")
        case .some: break
        }
        let rows = NxVETFixtures.templates.map { template -> JSONValue in
            ["id": .string(template.id), "name": .string(template.name), "content": .string(template.content)]
        }
        return .json(200, .array(rows))
    }

    private struct Order {
        var labels: [StoredLabel]
        var patient: String
        var template: String
    }

    func aggregate(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.count(.records)
        let fault = self.desk.faults.aggregate.value(at: number)
        if let refusal = self.checkQuery(head, "4.5", []) { return refusal }
        switch fault {
        case .badRequest: return self.error(400, "a fault that was asked for")
        case .serverError: return self.error(500, "internal error")
        case .created, .ok, .dropAfterStore, .caseInsensitive: break
        }
        let order: Order
        switch self.order(head, body, isLax: fault == .caseInsensitive) {
        case .success(let read): order = read
        case .failure(let refusal): return refusal.reply
        }
        let ready = self.desk.moment(after: self.desk.faults.contentDelay.value(at: number))
        let label = self.desk.addLabel { id in
            StoredLabel(
                id: id,
                type: "AggregateLabel",
                from: order.labels.map(\.from).min() ?? 0,
                to: order.labels.map(\.to).max() ?? 0,
                patient: Self.patient(order.patient),
                device: nil,
                transcript: order.labels.map(\.transcript).joined(separator: "\n"),
                shown: self.desk.now,
                ready: ready
            )
        }
        self.desk.tally { $0.records += 1 }
        self.desk.webhooks.announce("new_label", ["labelId": .string(label.id)])
        self.announceUpdate(of: label.id, at: ready)
        let reply = HTTPReply.json(fault == .ok ? 200 : 201, self.label(label, isWhole: false))
        return fault == .dropAfterStore ? reply.sent(.cutBefore) : reply
    }

    private struct Refused: Error { var reply: HTTPReply }

    /// The names have capitals here and nowhere else (NC-8).
    private func order(_ head: HTTPRequestHead, _ body: [UInt8], isLax: Bool) -> Result<Order, Refused> {
        var body = body
        if isLax, let value = try? JSONValue(parsing: body), let members = value.members {
            let capital = members.map {
                JSONMember(name: $0.name.prefix(1).uppercased() + $0.name.dropFirst(), value: $0.value)
            }
            body = Array(JSONValue.object(capital).serialized().utf8)
        }
        guard let members = self.members(head, body, ["LabelIds", "PatientId", "MedicalTemplateId"]),
            let ids = members["LabelIds"]?.array?.compactMap(\.string), !ids.isEmpty,
            ids.count == members["LabelIds"]?.array?.count, let patient = members["PatientId"]?.string,
            let template = members["MedicalTemplateId"]?.string, !patient.isEmpty
        else {
            let what = "the body is not an object with LabelIds, PatientId and MedicalTemplateId"
            return .failure(Refused(reply: self.refuse("4.5", what, 400)))
        }
        guard ids.count <= Self.recordLimit else {
            return .failure(Refused(reply: self.refuse("4.5", "a record of more than 5 labels is asked for", 400)))
        }
        let labels = ids.compactMap { self.desk.label($0) }
        guard labels.count == ids.count, NxVETFixtures.templates.contains(where: { $0.id == template }) else {
            return .failure(Refused(reply: self.error(404, "label or template not found")))
        }
        return .success(Order(labels: labels, patient: patient, template: template))
    }

    func regenerate(_ id: String, _ head: HTTPRequestHead) -> HTTPReply {
        let number = self.desk.count(.regenerations)
        let fault = self.desk.faults.lambda.value(at: number)
        if let refusal = self.checkQuery(head, "4.6", ["medicalTemplateId"]) { return refusal }
        guard let wanted = head.query("medicalTemplateId"), !wanted.isEmpty else {
            return self.refuse("4.6", "medicalTemplateId is missing", 400)
        }
        switch fault {
        case .notFound: return self.error(404, "label not found")
        case .serverError: return self.error(500, "internal error")
        case .reset: return HTTPReply(status: 500).sent(.reset)
        case .gatewayTimeout, .ok, .accepted, .hang, .noUpdate: break
        }
        guard self.desk.label(id) != nil, let template = NxVETFixtures.templates.first(where: { $0.id == wanted })
        else {
            return self.error(404, "label or template not found")
        }
        let ready = self.desk.moment(after: self.desk.faults.contentDelay.value(at: number))
        self.desk.updateLabel(id) {
            $0.runs += 1
            if fault != .noUpdate { $0.regenerated = (ready, template.name) }
        }
        self.desk.tally { $0.regenerations += 1 }
        if fault != .noUpdate { self.announceUpdate(of: id, at: ready) }
        switch fault {
        case .ok: return .json(200, [:])
        case .accepted: return .json(202, [:])
        case .hang: return HTTPReply(status: 504).sent(.hang)
        default: return .html(504).after(self.desk.configuration.summaryDelay)
        }
    }

    /// The content of a label is there, or there anew.
    private func announceUpdate(of id: String, at moment: StoredLabel.Moment) {
        guard case .at(let time) = moment else { return }
        self.desk.webhooks.announce("label_updated", ["labelId": .string(id)], after: time - self.desk.now)
    }

    /// Bytes by which a format is known, and no sound (T call).
    func audio(_ id: String, _ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "4.7", []) { return refusal }
        guard self.desk.label(id) != nil else { return self.error(404, "label not found") }
        let length: [UInt8] = [0, 0, 0, 0]
        switch self.desk.faults.audio.value(at: self.desk.count(.audio)) {
        case .wav:
            let bytes = Array("RIFF".utf8) + length + Array("WAVE".utf8)
            return HTTPReply(status: 200, fields: [HTTPField(name: "Content-Type", value: "audio/wav")], body: bytes)
        case .m4a:
            let bytes = length + Array("ftypM4A ".utf8)
            return HTTPReply(status: 200, fields: [HTTPField(name: "Content-Type", value: "audio/mp4")], body: bytes)
        case .notFound: return self.error(404, "no audio")
        case .redirect: return HTTPReply(status: 302).with("Location", "http://127.0.0.1:9/sandbox")
        }
    }
}
