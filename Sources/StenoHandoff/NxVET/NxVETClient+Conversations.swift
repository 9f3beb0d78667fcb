package import StenoHTTP
internal import StenoWire

/// Conversations as far as they were read.
package struct ConversationList: Hashable, Sendable {
    package internal(set) var conversations: [NxVETConversation] = []
    /// For the next page; `nil` when there is none.
    package internal(set) var nextPageToken: String?
    /// The service says that there is more and gives no way to it.
    package internal(set) var isCutShort = false
}

extension NxVETClient {
    /// One page of conversations.
    /// - Parameters:
    ///   - status: `nil` for all.
    ///   - pageToken: from the former page.
    package func conversations(
        status: ConversationStatus.Known? = nil,
        pageSize: Int = 20,
        pageToken: String? = nil
    ) async throws(ServiceError) -> ConversationList {
        // The filters stay the same on every page (NC-11).
        var items = [(name: "organizationId", value: self.configuration.organisationID)]
        if let status { items.append((name: "status", value: status.rawValue)) }
        items.append((name: "pageSize", value: String(pageSize)))
        if let pageToken { items.append((name: "pageToken", value: pageToken)) }
        let url = self.configuration.base.appending("nxhub", "conversations").querying(items)
        return try await self.read(url) { answer in
            if answer.status == 204 { return ConversationList() }
            guard let root = answer.json, let rows = root.rows("items", "conversations", "data") else { return nil }
            let token = root["nextPageToken"]?.opaque.flatMap { $0.isEmpty ? nil : $0 }
            let hasMore = root["hasMore"]?.bool ?? (token != nil)
            let conversations = rows.compactMap { NxVETConversation($0) }.filter { row in
                guard let status, case .known(let known) = row.status else { return true }
                return known == status
            }
            return ConversationList(
                conversations: conversations,
                nextPageToken: hasMore ? token : nil,
                isCutShort: hasMore && token == nil
            )
        }
    }

    /// Every conversation from a page on. Ends when there is no more, when a token repeats, and after as many pages as
    /// the configuration allows; the last two leave the list cut short. A token that has expired begins the list anew,
    /// once.
    package func allConversations(
        status: ConversationStatus.Known? = nil,
        pageSize: Int = 20,
        pageToken: String? = nil
    ) async throws(ServiceError) -> ConversationList {
        var list = ConversationList()
        var known: Set<String> = []
        var tokens: Set<String> = []
        var token = pageToken
        var mayBeginAnew = true
        for _ in 0..<self.configuration.maximumPages {
            let page: ConversationList
            do throws(ServiceError) {
                page = try await self.conversations(status: status, pageSize: pageSize, pageToken: token)
            } catch {
                guard mayBeginAnew, !known.isEmpty, Self.mayBeExpired(error) else { throw error }
                (mayBeginAnew, token, tokens) = (false, pageToken, [])
                continue
            }
            list.conversations += page.conversations.filter {
                known.insert("\($0.deviceID ?? "") \($0.id)").inserted
            }
            list.isCutShort = page.isCutShort
            guard let next = page.nextPageToken else { return list }
            guard tokens.insert(next).inserted else {
                list.isCutShort = true
                return list
            }
            token = next
        }
        list.isCutShort = true
        return list
    }

    private static func mayBeExpired(_ error: ServiceError) -> Bool {
        [400, 404, 410, 422].contains(error.status)
    }

    package func conversation(_ id: String, on device: String) async throws(ServiceError) -> NxVETConversation {
        try await self.naming(device) { (device) throws(ServiceError) in
            try await self.read(self.conversationURL(id, on: device), subject: "conversation") { answer in
                answer.json.flatMap { root in
                    [root, root["conversation"], root["data"]].lazy.compactMap(\.self)
                        .compactMap { NxVETConversation($0) }.first
                }
            }
        }
    }

    func conversationURL(_ id: String, on device: String) -> ServiceURL {
        self.configuration.base.appending("nxhub", "conversations", device, id)
    }
}
