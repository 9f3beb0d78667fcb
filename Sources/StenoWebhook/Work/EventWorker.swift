package import StenoCore
package import StenoHTTP
package import StenoStore
internal import StenoWire

/// Works on what was taken: reads what each event names, keeps it, tells it, and hands it to the hook.
///
/// Several events are under way at once, so that one that fails or hangs holds up none of the others.
package final class EventWorker: Sendable {
    /// What the worker needs of the world.
    package struct World: Sendable {
        package var time: Timekeeper
        /// Reads what an event names.
        package var read: @Sendable (WebhookMessage) async -> EventReading
        /// Writes a line to standard output. What it throws ends the worker; the event stays.
        package var tell: @Sendable (String) async throws -> Void
        /// Hands the event on. Gives `nil` when it was taken, else what was wrong.
        package var hook: (@Sendable (String) async -> String?)?
        /// Tells a person what went wrong, without any content.
        package var say: @Sendable (String) -> Void

        package init(
            time: Timekeeper,
            read: @escaping @Sendable (WebhookMessage) async -> EventReading,
            tell: @escaping @Sendable (String) async throws -> Void,
            hook: (@Sendable (String) async -> String?)?,
            say: @escaping @Sendable (String) -> Void
        ) {
            self.time = time
            self.read = read
            self.tell = tell
            self.hook = hook
            self.say = say
        }
    }

    /// Events under way at once.
    private static let width = 4
    /// Between two looks at what is long done.
    private static let tidying = Duration.seconds(3_600)

    let store: EventStore
    let policy: EventPolicy
    let world: World
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    package init(store: EventStore, policy: EventPolicy = EventPolicy(), world: World) {
        self.store = store
        self.policy = policy
        self.world = world
        (self.bell, self.ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There may be something to do.
    package func wake() { self.ring.yield() }

    /// Nothing new is begun; `run` returns when what is under way has come to a resting place.
    package func stop() { self.ring.finish() }

    var now: Int64 { self.world.time.secondsSince1970() * 1_000 }

    private enum Ending: Sendable {
        case event(Int64)
        case slept
    }

    /// Works until ``stop()``.
    ///
    /// - Throws: `StoreError`, or what telling throws. Nothing is lost by it: the next start goes on.
    package func run() async throws {
        let unfinished = try await self.store.restart(at: self.now)
        if unfinished > 0 { self.world.say("\(unfinished) events of before are unfinished. They go on now.") }
        var tidied = self.world.time.now()
        try await withThrowingTaskGroup(of: Int64.self) { tasks in
            let under = UnderWay()
            self.wake()
            for await _ in self.bell {
                while let id = under.popEnded() {
                    under.forget(id)
                    _ = try await tasks.next()
                }
                if self.world.time.now() - tidied > Self.tidying {
                    tidied = self.world.time.now()
                    try await self.store.forget(at: self.now)
                }
                let free = Self.width - under.ids.count
                guard free > 0 else { continue }
                let due = try await self.store.due(at: self.now, self.policy, limit: free, except: under.ids)
                for event in due {
                    under.begin(event.id)
                    tasks.addTask {
                        defer {
                            under.end(event.id)
                            self.wake()
                        }
                        try await self.work(on: event)
                        return event.id
                    }
                }
                try await self.setAlarm(under)
            }
            try await tasks.waitForAll()
        }
    }

    /// Rings when the next event becomes due.
    private func setAlarm(_ under: UnderWay) async throws {
        guard let next = try await self.store.nextDue(except: under.ids) else { return under.setAlarm(nil) }
        let wait = Duration.milliseconds(min(max(next - self.now, 0), 600_000))
        // The clock shows whole seconds, so what is due within one is looked at when it is over.
        let time = self.world.time
        under.setAlarm(
            Task {
                try? await time.sleep(max(wait, .milliseconds(50)))
                if !Task.isCancelled { self.wake() }
            }
        )
    }
}
