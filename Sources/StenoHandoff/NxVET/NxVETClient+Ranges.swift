package import StenoHTTP
internal import StenoWire

extension NxVETClient {
    /// How completing a conversation ended.
    package enum Completion: Hashable, Sendable {
        /// It is being processed now.
        case started
        /// It was completed before; nothing new has begun.
        case before(ConversationStatus)
    }

    /// When the device heard speech, minute by minute, in the order of time; at most 6 hours. Two more minutes at either
    /// end come with them, as far as the 6 hours allow: clocks differ, and speech at an edge is not to be missed.
    package func timeline(of device: String, _ range: NxVETRange) async throws(ServiceError) -> [TimelineMinute] {
        try range.check(for: .timeline)
        let range = range.widened(for: .timeline)
        let minutes = try await self.naming(device) { (device) throws(ServiceError) -> [TimelineMinute] in
            let url = self.configuration.base.appending("nxhub", "conversations", "timeline", device)
            return try await self.read(url.querying(range.items), subject: "device") { answer in
                if answer.status == 204 { return [] }
                return answer.json?.rows("minutes", "data")?.compactMap { TimelineMinute($0) }
            }
        }
        return minutes.sorted { $0.start < $1.start }
    }

    /// What a stretch of at most 90 minutes holds. Makes nothing.
    package func preview(of device: String, _ range: NxVETRange) async throws(ServiceError) -> RangePreview {
        try range.check(for: .preview)
        let url = self.configuration.base.appending("nxhub", "conversations", "create", "preview")
            .querying([(name: "deviceId", value: device)] + range.items)
        return try await self.read(url, subject: "device") { answer in answer.json.flatMap { RangePreview($0) } }
    }

    /// Makes a conversation of a stretch of at most 90 minutes.
    /// - Returns: its id.
    /// - Throws: `unknownOutcome` when one may have been made; ``active(on:)`` finds it.
    package func create(on device: String, _ range: NxVETRange) async throws(ServiceError) -> String {
        try range.check(for: .creation)
        let url = self.configuration.base.appending("nxhub", "conversations", "create")
        let answer = try await self.write(
            url,
            body: [
                "deviceId": .string(device),
                "startMs": .integer(range.from.milliseconds),
                "endMs": .integer(range.to.milliseconds),
            ]
        )
        let json = answer.json
        // A failure may come with any status (NA-6).
        if json?["success"]?.bool == false, answer.status < 500 {
            throw self.errors.rejection("NxVET did not create the conversation (\(answer.status)).", answer)
        }
        guard answer.isSuccess else { throw self.writeError(answer, at: url, subject: "device") }
        let places = [json?["conversation"]?["conversationId"], json?["conversation"]?["id"], json?["conversationId"]]
        guard let id = places.lazy.compactMap({ $0?.opaque }).first(where: { !$0.isEmpty }) else {
            throw self.errors.general.unknownOutcome(status: answer.status)
        }
        return id
    }

    /// Conversations of this device that are open: where a lost answer may have left one (§7.5).
    package func active(on device: String) async throws(ServiceError) -> [NxVETConversation] {
        try await self.allConversations(status: .active, pageSize: 50).conversations.filter {
            $0.deviceID == nil || $0.deviceID == device
        }
    }

    /// Ends a conversation and has it processed. Sent once; when the answer does not tell, the conversation's own state
    /// does (NA-15).
    package func complete(_ id: String, on device: String) async throws(ServiceError) -> Completion {
        let answer: HTTPAnswer
        do throws(ServiceError) {
            answer = try await self.naming(device) { (device) throws(ServiceError) in
                let url = self.conversationURL(id, on: device).appending("complete")
                let answer = try await self.write(url)
                guard answer.status != 404 else { throw self.error(answer, at: url, subject: "conversation") }
                return answer
            }
        } catch {
            guard error.reason == .unknownOutcome else { throw error }
            return try await self.judge(id, on: device, else: error, isRefused: false)
        }
        if answer.json?["success"]?.bool == false, answer.status < 500 {
            let refusal = self.errors.rejection("NxVET did not complete the conversation (\(answer.status)).", answer)
            return try await self.judge(id, on: device, else: refusal, isRefused: true)
        }
        if answer.isSuccess { return .started }
        let error = self.writeError(answer, at: self.conversationURL(id, on: device), subject: "conversation")
        guard error.reason == .unknownOutcome else { throw error }
        return try await self.judge(id, on: device, else: error, isRefused: false)
    }

    /// A conversation that is open or unknown leaves the error as it is; any other state shows that it was completed.
    private func judge(
        _ id: String,
        on device: String,
        else error: ServiceError,
        isRefused: Bool
    ) async throws(ServiceError) -> Completion {
        guard let status = try? await self.conversation(id, on: device).status, case .known(let known) = status,
            known != .active
        else { throw error }
        return isRefused ? .before(status) : .started
    }
}
