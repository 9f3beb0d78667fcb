package import StenoHTTP
internal import StenoWire

extension ConnectVetsClient {
    /// No list is followed further than this many pages (CC-4).
    package static let maximumPages = 100
    /// The largest page the service gives.
    private static let pageLength = 100

    /// All notes with this external id, without their sections, in the order received.
    package func notes(externalID: String) async throws(ServiceError) -> [ConnectVetsNote] {
        var notes: [ConnectVetsNote] = []
        var known: Set<String> = []
        for page in 1...Self.maximumPages {
            let length = String(Self.pageLength)
            // The name of the page length differs between the vendor's pages, so both are sent (CC-2).
            let url = self.notes.querying([
                ("page", String(page)), ("limit", length), ("per_page", length), ("external_id", externalID),
            ])
            let answer = try await self.read(url)
            guard let root = answer.json, let rows = Self.rows(root) else {
                throw self.errors.general.unreadable(answer, at: url)
            }
            let fresh = rows.compactMap { ConnectVetsNote($0) }.filter { known.insert($0.id).inserted }
            notes += fresh
            if fresh.isEmpty || Self.isLast(page, of: root) { break }
        }
        return notes
    }

    /// Notes that this very delivery made: none, one, or more if something went wrong, the oldest first as far as the
    /// service tells. A filter that the service ignores changes nothing.
    package func notes(of mark: DeliveryMark) async throws(ServiceError) -> [ConnectVetsNote] {
        var found: [ConnectVetsNote] = []
        var unproven: [ConnectVetsNote] = []
        for note in try await self.notes(externalID: mark.externalID) {
            if Self.isFrom(mark, note) {
                found.append(note)
            } else if note.metadata == nil, note.externalID == mark.externalID {
                unproven.append(note)
            }
        }
        // A short row may leave out what the note itself tells.
        for note in unproven.prefix(Self.maximumProofs) {
            let whole = try await self.note(note.id)
            if Self.isFrom(mark, whole) { found.append(whole) }
        }
        return found.sorted { ($0.createdAt ?? "") < ($1.createdAt ?? "") }
    }

    /// Rows without metadata that are looked at one by one.
    private static let maximumProofs = 20

    private static func isFrom(_ mark: DeliveryMark, _ note: ConnectVetsNote) -> Bool {
        note.delivery?.lowercased() == mark.delivery.lowercased() || note.externalID == mark.delivery
    }

    /// `data`, `notes`, or the root itself (CC-4).
    private static func rows(_ root: JSONValue) -> [JSONValue]? {
        root.array ?? root["data"]?.array ?? root["notes"]?.array ?? root["data"]?["notes"]?.array
    }

    private static func isLast(_ page: Int, of root: JSONValue) -> Bool {
        let information = root["meta"] ?? root["pagination"] ?? root["data"]?["meta"] ?? root["data"]?["pagination"]
        return information?["total_pages"]?.int.map { page >= $0 } ?? false
    }
}
