/// Which labels are asked for.
package struct LabelQuery: Hashable, Sendable {
    package enum Sorting: String, CaseIterable, Sendable {
        case fromTime = "FromTime"
        case type = "Type"
        case patient = "Patient"
    }

    /// How several types are written (NC-2).
    enum TypesForm: Hashable, Sendable {
        /// `types=A,B`, as documented.
        case comma
        /// `types=A&types=B`, as others do it.
        case repeated
    }

    /// None is all. Compared with every row again: a service may ignore what it does not understand.
    package var types: [String]
    /// Free text. It goes into the address, which is never logged.
    package var patientSearch: String?
    /// Serial number or name of a device, for which the service has no documented filter: rows of others are left out
    /// here (NC-21).
    package var device: String?
    package var sorting: Sorting
    package var isDescending: Bool
    /// Rows of one page.
    package var limit: Int
    package var offset: Int

    package init(
        types: [String] = [],
        patientSearch: String? = nil,
        device: String? = nil,
        sorting: Sorting = .fromTime,
        isDescending: Bool = true,
        limit: Int = 100,
        offset: Int = 0
    ) {
        self.types = types
        self.patientSearch = patientSearch
        self.device = device
        self.sorting = sorting
        self.isDescending = isDescending
        self.limit = limit
        self.offset = offset
    }

    func items(_ form: TypesForm) -> [(name: String, value: String)] {
        var items = [
            (name: "limit", value: String(self.limit)), (name: "offset", value: String(self.offset)),
            (name: "sortingProperty", value: self.sorting.rawValue),
            (name: "isSortingDescending", value: self.isDescending ? "true" : "false"),
        ]
        if let search = self.patientSearch { items.append((name: "patientSearch", value: search)) }
        switch form {
        case .comma where !self.types.isEmpty:
            items.append((name: "types", value: self.types.joined(separator: ",")))
        case .repeated: items += self.types.map { (name: "types", value: $0) }
        case .comma: break
        }
        return items
    }

    func isMatched(by label: NxVETLabel) -> Bool {
        let isWantedType = self.types.isEmpty || self.types.contains { $0.lowercased() == label.type.lowercased() }
        guard isWantedType, let device = self.device?.lowercased() else { return isWantedType }
        return [label.deviceSerial, label.deviceName].contains { $0?.lowercased() == device }
    }
}
