import StenoWire

// Devices, labels and patients (contract §3 and §4.1 to 4.3).
extension NxVETService {
    private static let listNames: Set<String> = [
        "limit", "offset", "sortingProperty", "isSortingDescending", "patientSearch", "types",
    ]
    /// More rows than these are in no page, whatever was asked for: the largest page is not documented.
    private static let pageLimit = 200

    func devices(_ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "3.1", ["organizationId", "limit"])
            ?? self.checkOrganisation(head.query("organizationId"), "3.1")
        {
            return refusal
        }
        guard let limit = Int(head.query("limit") ?? "200"), limit > 0 else {
            return self.refuse("3.1", "limit is no number", 400)
        }
        let shape = self.desk.faults.deviceShape.value(at: self.desk.count(.devices))
        let rows = NxVETFixtures.devices.prefix(limit).enumerated().map { index, device in
            Self.row(device, isOther: shape == .id || shape == .mixed && index % 2 == 1)
        }
        return .json(200, shape == .wrappedInData ? ["data": .array(rows)] : .array(rows))
    }

    private static func row(_ device: SandboxDevice, isOther: Bool) -> JSONValue {
        var members = [
            JSONMember(name: isOther ? "id" : "value", value: .string(device.id)),
            JSONMember(name: isOther ? "friendlyName" : "displayName", value: .string(device.name)),
            JSONMember(name: "serial", value: .string(device.serial)),
        ]
        if device.isHub {
            members.append(JSONMember(name: "nxHubLastReportTime", value: "2026-05-05T08:00:00Z"))
            members.append(JSONMember(name: "nxHubCurrentFirmwareVersion", value: "1.4.0"))
        }
        return .object(members)
    }

    func labels(_ organisation: String, _ head: HTTPRequestHead) -> HTTPReply {
        let number = self.desk.count(.lists)
        // A client that writes it so gets nothing and no error (NC-2).
        if head.query("types[]") != nil {
            self.ledger.violated(.nxVET, "NC-2", "the types are sent as types[]")
            return .json(200, [])
        }
        if let refusal = self.checkQuery(head, "4.1", Self.listNames) ?? self.checkOrganisation(organisation, "4.1") {
            return refusal
        }
        guard let limit = Int(head.query("limit") ?? "10"), limit > 0,
            let offset = Int(head.query("offset") ?? "0"), offset >= 0
        else { return self.refuse("4.1", "limit or offset is no number", 400) }
        let sorting = head.query("sortingProperty") ?? "FromTime"
        guard ["FromTime", "Type", "Patient"].contains(sorting) else {
            return self.refuse("4.1", "there is no such order", 400)
        }
        let descending = head.query("isSortingDescending") ?? "false"
        guard ["true", "false"].contains(descending) else {
            return self.refuse("NC-9", "isSortingDescending is neither true nor false", 400)
        }
        let matches = Self.sorted(self.matches(head, number), by: sorting, isDescending: descending == "true")
        let rows = matches.dropFirst(offset).prefix(min(limit, Self.pageLimit)).map { self.label($0, isWhole: false) }
        return self.counted(.json(200, .array(Array(rows))), total: matches.count, number)
    }

    private func matches(_ head: HTTPRequestHead, _ number: Int) -> [StoredLabel] {
        let values = head.query.filter { $0.name == "types" }.map(\.value)
        let types = Set(values.flatMap { $0.split(separator: ",").map(String.init) })
        let isRepeated = values.count > 1
        let isComma = values.count == 1 && values[0].contains(",")
        switch self.desk.faults.typesForm.value(at: number) {
        case .commaOnly where isRepeated, .repeatedOnly where isComma: return []
        case .both, .commaOnly, .repeatedOnly: break
        }
        let search = head.query("patientSearch")?.lowercased()
        return self.desk.labels.filter { label in
            guard types.isEmpty || types.contains(label.type) else { return false }
            guard let search, !search.isEmpty else { return true }
            return label.patient?.name.lowercased().contains(search) ?? false
        }
    }

    private static func sorted(_ labels: [StoredLabel], by name: String, isDescending: Bool) -> [StoredLabel] {
        func key(_ label: StoredLabel) -> String {
            switch name {
            case "Type": label.type
            case "Patient": label.patient?.name ?? ""
            default: String(label.from)
            }
        }
        // All times have as many digits, so they sort as text; the id decides between equals.
        let sorted = labels.sorted { (key($0), $0.id) < (key($1), $1.id) }
        return isDescending ? sorted.reversed() : sorted
    }

    private func counted(_ reply: HTTPReply, total: Int, _ number: Int) -> HTTPReply {
        switch self.desk.faults.totalCount.value(at: number) {
        case .present: reply.with("X-Total-Count", String(total))
        case .missing: reply
        case .wrong: reply.with("X-Total-Count", String(total / 2))
        case .changing: reply.with("X-Total-Count", String(total + number))
        }
    }

    func label(_ id: String, _ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "4.2", []) { return refusal }
        guard let label = self.desk.label(id) else { return self.error(404, "label not found") }
        return .json(200, self.label(label, isWhole: true))
    }

    func assign(_ id: String, _ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let fault = self.desk.faults.assign.value(at: self.desk.count(.assignments))
        if let refusal = self.checkQuery(head, "4.3", []) { return refusal }
        guard let members = self.members(head, body, ["patientId"]), let patient = members["patientId"]?.string,
            !patient.isEmpty
        else { return self.refuse("4.3", "the body is not an object with patientId", 400) }
        guard self.desk.label(id) != nil else { return self.error(404, "label not found") }
        switch fault {
        case .notFound: return self.error(404, "patient not found")
        case .serverError: return self.error(500, "internal error")
        case .okNotStored: return .json(200, [:])
        case .ok, .noContent: break
        }
        self.desk.updateLabel(id) { $0.patient = Self.patient(patient) }
        self.desk.tally { $0.assignments += 1 }
        return fault == .noContent ? HTTPReply(status: 204) : .json(200, [:])
    }

    /// Patients are nowhere listed, so whoever is named is there.
    static func patient(_ id: String) -> SandboxPatient {
        NxVETFixtures.patients.first { $0.id == id } ?? SandboxPatient(id: id, name: "Patient \(id.suffix(4))")
    }

    /// The members of a JSON body, if it is an object with exactly these names.
    func members(_ head: HTTPRequestHead, _ body: [UInt8], _ names: Set<String>) -> JSONValue? {
        if head.mediaType != "application/json" {
            self.ledger.violated(.nxVET, "1", "Content-Type is not application/json")
        }
        guard let value = try? JSONValue(parsing: body), let members = value.members,
            members.count == names.count, Set(members.map(\.name)) == names
        else { return nil }
        return value
    }
}
