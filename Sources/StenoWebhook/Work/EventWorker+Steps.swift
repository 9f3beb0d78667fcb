internal import Crypto
internal import StenoCore
internal import StenoHTTP
internal import StenoStore
internal import StenoWire

// One event, from where it was left to where it rests.
extension EventWorker {
    func work(on event: StoredEvent) async throws {
        var event = event
        guard let message = WebhookMessage(event.body) else {
            // The disk, or a key that was changed, took it from us.
            self.world.say("Event '\(EventLetter.id(of: event))' cannot be read any more.")
            _ = event.work.read(.whole, at: self.now, self.policy, chance: 0)
            event.work.isOldNews()
            return try await self.store.update(event)
        }
        if event.work.stage == .reading, try await !self.read(&event, message) { return }
        if event.work.stage == .handing { try await self.hand(&event) }
    }

    /// - Returns: whether it goes on to be handed.
    private func read(_ event: inout StoredEvent, _ message: WebhookMessage) async throws -> Bool {
        let reading: EventWork.Reading
        let letter: JSONValue
        switch await self.reading(message) {
        case .found(let found, let isFinished):
            reading = isFinished ? .whole : .unfinished
            letter = EventLetter.json(event, message, isFinished ? .read : .unfinished, found)
            event.digest = Array(SHA256.hash(data: Array(found.serialized().utf8)))
        case .gone:
            reading = .whole
            letter = EventLetter.json(event, message, .deleted)
        case .failed(let reason, let retryAfter):
            reading = .failed(retryAfter: retryAfter)
            letter = EventLetter.json(event, message, .parked, reason: reason)
        case nil:
            reading = .whole
            let isDeletion = if case .deleted = message.followUp { true } else { false }
            letter = EventLetter.json(event, message, isDeletion ? .deleted : .unknown)
        }
        switch event.work.read(reading, at: self.now, self.policy, chance: self.world.time.chance()) {
        case .keep:
            event.result = Array(letter.serialized().utf8)
            if event.work.isEcho, try await self.store.isOldNews(event) { event.work.isOldNews() }
        case .park: try await self.park(event, letter)
        case .again, .end: break
        }
        try await self.store.update(event)
        return event.work.stage == .handing
    }

    private func reading(_ message: WebhookMessage) async -> EventReading? {
        switch message.followUp {
        case .label, .conversation: await self.world.read(message)
        case .deleted, .none: nil
        }
    }

    private func hand(_ event: inout StoredEvent) async throws {
        guard let result = event.result, !result.isEmpty else {
            // It was read by a program whose key is gone.
            _ = event.work.handed(true, at: self.now, self.policy, chance: 0)
            return try await self.store.update(event)
        }
        let letter = String(decoding: result, as: UTF8.self)
        // A later try is for the hook; the line was told.
        if event.work.tries == 0 { try await self.world.tell(letter + "\n") }
        var reason: String?
        if let hook = self.world.hook { reason = await hook(letter + "\n") }
        let chance = self.world.time.chance()
        switch event.work.handed(reason == nil, at: self.now, self.policy, chance: chance) {
        case .park:
            self.world.say(
                "The hook failed \(self.policy.tryLimit) times for event '\(EventLetter.id(of: event))': "
                    + "\(reason ?? ""). It is parked until the next start."
            )
        case .again:
            self.world.say("The hook failed for event '\(EventLetter.id(of: event))': \(reason ?? ""). It is repeated.")
        case .keep, .end: break
        }
        try await self.store.update(event)
    }

    private func park(_ event: StoredEvent, _ letter: JSONValue) async throws {
        self.world.say(
            "Event '\(EventLetter.id(of: event))' could not be followed up. It is parked until the next start."
        )
        try await self.world.tell(letter.serialized() + "\n")
    }
}
