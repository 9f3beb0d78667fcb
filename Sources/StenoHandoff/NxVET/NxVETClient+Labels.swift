package import StenoHTTP
internal import StenoWire
internal import Synchronization

/// Labels as far as they were read.
package struct LabelList: Hashable, Sendable {
    package internal(set) var labels: [NxVETLabel] = []
    /// How many the service says there are, by the last page; `nil` if it does not say.
    package internal(set) var total: Int?
    /// Where the next page begins; `nil` when there is none.
    package internal(set) var nextOffset: Int?
}

extension NxVETClient {
    /// One page of labels.
    package func labels(_ query: LabelQuery) async throws(ServiceError) -> LabelList {
        let page = try await self.page(query)
        let next = query.offset + page.rows.count
        let hasMore = page.total.map { next < $0 } ?? (page.rows.count >= query.limit)
        return LabelList(
            labels: page.rows.filter { query.isMatched(by: $0) },
            total: page.total,
            nextOffset: hasMore && !page.rows.isEmpty ? next : nil
        )
    }

    /// Every label from `query.offset` on. A row that moved to a later page while others came is given once.
    ///
    /// Ends at an empty page, at a page of known rows, and at a page that is not full once the total is reached. A total
    /// alone is not trusted, because one that is too small would hide rows, and neither is a short page alone, because
    /// a service may give fewer rows than it was asked for (NA-4).
    package func allLabels(_ query: LabelQuery) async throws(ServiceError) -> LabelList {
        var query = query
        var list = LabelList()
        var known: Set<String> = []
        for _ in 0..<self.configuration.maximumPages {
            let page = try await self.page(query)
            let fresh = page.rows.filter { known.insert($0.id).inserted }
            list.labels += fresh.filter { query.isMatched(by: $0) }
            list.total = page.total
            query.offset += page.rows.count
            let isFull = page.rows.count >= query.limit
            guard !fresh.isEmpty, isFull || page.total.map({ query.offset < $0 }) ?? true else {
                list.nextOffset = nil
                return list
            }
            list.nextOffset = query.offset
        }
        return list
    }

    /// Everything there is about one label.
    package func label(_ id: String) async throws(ServiceError) -> NxVETLabel {
        try await self.read(self.labelURL(id), subject: "label") { answer in
            answer.json.flatMap { NxVETLabel($0["data"].flatMap { $0.members == nil ? nil : $0 } ?? $0) }
        }
    }

    func labelURL(_ id: String) -> ServiceURL { self.configuration.base.appending("labels", id) }

    var organisationURL: ServiceURL {
        self.configuration.base.appending("organizations", self.configuration.organisationID)
    }

    private struct Page {
        var rows: [NxVETLabel]
        var total: Int?
    }

    /// One page in the form of `types` that is understood. Several types in the documented form may give nothing where
    /// the other form gives rows: then, and only then, the other is tried once and kept (NC-2).
    private func page(_ query: LabelQuery) async throws(ServiceError) -> Page {
        let form = self.typesForm.withLock { $0 }
        let page = try await self.page(query, form)
        guard page.rows.isEmpty, form == .comma, query.types.count > 1 else { return page }
        let other = try await self.page(query, .repeated)
        if !other.rows.isEmpty { self.typesForm.withLock { $0 = .repeated } }
        return other
    }

    private func page(_ query: LabelQuery, _ form: LabelQuery.TypesForm) async throws(ServiceError) -> Page {
        let url = self.organisationURL.appending("labels").querying(query.items(form))
        return try await self.read(url) { answer in
            let total = answer.header("x-total-count").flatMap { Int($0) }
            return Self.rows(answer).map { Page(rows: $0.compactMap { NxVETLabel($0) }, total: total) }
        }
    }
}
