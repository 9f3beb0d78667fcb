package import StenoHTTP
internal import StenoWire

extension ConnectVetsClient {
    /// No list is followed further than this many pages (CC-4).
    package static let maximumPages = 100
    /// The largest page the service gives.
    package static let longestPage = 100

    /// All notes with this external id, without their sections, in the order received.
    package func notes(externalID: String) async throws(ServiceError) -> [ConnectVetsNote] {
        try await self.rows([("external_id", externalID)]).notes
    }

    /// Notes without their sections, the newest first.
    ///
    /// - Parameters:
    ///   - limit: not more than these. As long as the service gives its newest first (CA-10), it is not asked for more
    ///     pages than that takes.
    ///   - pageLength: rows of a page, 1 to ``longestPage``.
    package func notes(
        _ filter: NoteFilter,
        limit: Int = .max,
        pageLength: Int = Self.longestPage
    ) async throws(ServiceError) -> NoteList {
        var list = try await self.rows(
            filter.query,
            limit: limit,
            pageLength: min(max(pageLength, 1), Self.longestPage),
            admitting: filter.admits
        )
        let sorted = list.notes.enumerated().sorted { left, right in
            let times = (left.element.createdAt ?? "", right.element.createdAt ?? "")
            return times.0 == times.1 ? left.offset < right.offset : times.0 > times.1
        }
        list.hasMore = list.hasMore || sorted.count > limit
        list.notes = Array(sorted.map(\.element).prefix(limit))
        return list
    }

    private func rows(
        _ query: [(String, String)],
        limit: Int = .max,
        pageLength: Int = Self.longestPage,
        admitting admits: (ConnectVetsNote) -> Bool = { _ in true }
    ) async throws(ServiceError) -> NoteList {
        var list = NoteList()
        var known: Set<String> = []
        var isNewestFirst = true
        var oldest: String?
        for page in 1...Self.maximumPages {
            let length = String(pageLength)
            // The name of the page length differs between the vendor's pages, so both are sent (CC-2).
            let url = self.notes.querying(
                [("page", String(page)), ("limit", length), ("per_page", length)] + query
            )
            let answer = try await self.read(url)
            guard let root = answer.json, let rows = Self.rows(root) else {
                throw self.errors.general.unreadable(answer, at: url)
            }
            let fresh = rows.compactMap { ConnectVetsNote($0) }.filter { known.insert($0.id).inserted }
            for time in fresh.compactMap(\.createdAt) {
                if let oldest, time > oldest { isNewestFirst = false }
                oldest = time
            }
            list.notes += fresh.filter(admits)
            if fresh.isEmpty || Self.isLast(page, of: root) { return list }
            // In another order the newest may be on any page.
            if list.notes.count >= limit, isNewestFirst {
                list.hasMore = true
                return list
            }
        }
        list.isCutShort = true
        return list
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
