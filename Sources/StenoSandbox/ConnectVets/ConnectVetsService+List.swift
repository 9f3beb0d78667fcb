import NIOCore
import StenoWire

// `GET /notes` (contract 6.2).
extension ConnectVetsService {
    private static let filters: Set<String> = [
        "page", "limit", "per_page", "transcription_status", "name", "from", "to", "days", "external_id", "valid",
    ]

    func list(_ head: HTTPRequestHead) -> HTTPReply {
        let number = self.desk.count(.lists)
        for field in head.query where !Self.filters.contains(field.name) {
            return self.refuse("6.2", "the list has no such filter", 400)
        }
        let size: String
        switch self.desk.faults.pageParam.value(at: number) {
        case .both: size = head.query("limit") ?? head.query("per_page") ?? "10"
        case .limit: size = head.query("limit") ?? "10"
        case .perPage: size = head.query("per_page") ?? "20"
        }
        guard
            let page = Int(head.query("page") ?? "1"), (1...1_000_000).contains(page),
            let limit = Int(size), (1...100).contains(limit)
        else { return self.refuse("6.2", "page or limit is out of range", 400) }
        guard Self.isDate(head.query("from")), Self.isDate(head.query("to")) else {
            return self.refuse("6.2", "a date is not written as YYYY-MM-DD", 400)
        }
        let delay = self.desk.faults.indexDelay.value(at: number).nanoseconds
        let now = self.desk.now
        let matches = self.ordered(number).filter { note in
            now - note.began >= .nanoseconds(delay) && Self.matches(note, head, now)
        }
        let rows = matches.dropFirst((page - 1) * limit).prefix(limit).map { self.answer.note($0, sections: false) }
        return self.page(Array(rows), total: matches.count, page: page, limit: limit, number)
    }

    private func ordered(_ number: Int) -> [StoredNote] {
        let notes = self.desk.notes
        switch self.desk.faults.listOrder.value(at: number) {
        case .descending: return notes.reversed()
        case .ascending: return notes
        // The same on every page, and no order that anybody could guess.
        case .random:
            func key(_ note: StoredNote) -> UInt64 {
                var hash = FNV1a()
                for byte in note.id.utf8.reversed() { hash.combine(byte) }
                return hash.value
            }
            return notes.sorted { key($0) < key($1) }
        }
    }

    private static func matches(_ note: StoredNote, _ head: HTTPRequestHead, _ now: NIODeadline) -> Bool {
        let day = String(WallTime.text(secondsSince1970: note.createdAt).prefix(10))
        if let wanted = head.query("external_id"), wanted != note.externalID { return false }
        if let wanted = head.query("transcription_status"), wanted != note.status(at: now).rawValue { return false }
        if let wanted = head.query("name"), !note.name.lowercased().contains(wanted.lowercased()) { return false }
        // Dates of this form sort as text; both ends belong to the range.
        if let from = head.query("from"), day < from { return false }
        if let to = head.query("to"), day > to { return false }
        if let days = head.query("days") {
            let limit = min(max(Int(days) ?? 0, 0), 100_000) * 86_400
            if WallTime.secondsSince1970() - note.createdAt > limit { return false }
        }
        if let valid = head.query("valid") {
            let isValid = note.status(at: now) == .completed && note.outcome != .completedInvalid
            return valid == (isValid ? "true" : "false")
        }
        return true
    }

    private static func isDate(_ text: String?) -> Bool {
        guard let text else { return true }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
    }

    private func page(_ rows: [JSONValue], total: Int, page: Int, limit: Int, _ number: Int) -> HTTPReply {
        let pages = (total + limit - 1) / limit
        let pagination: JSONValue = [
            "current_page": .integer(Int64(page)),
            "total_pages": .integer(Int64(pages)),
            "total_items": .integer(Int64(total)),
            "per_page": .integer(Int64(limit)),
        ]
        switch self.desk.faults.listShape.value(at: number) {
        case .dataMeta:
            let meta: JSONValue = [
                "total": .integer(Int64(total)),
                "page": .integer(Int64(page)),
                "limit": .integer(Int64(limit)),
                "total_pages": .integer(Int64(pages)),
            ]
            return .json(200, ["data": .array(rows), "meta": meta])
        case .dataPagination: return .json(200, ["data": .array(rows), "pagination": pagination])
        case .notesPagination: return .json(200, ["notes": .array(rows), "pagination": pagination])
        case .rootArray: return .json(200, .array(rows))
        }
    }
}
