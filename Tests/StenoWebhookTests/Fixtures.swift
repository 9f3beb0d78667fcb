import Crypto
import StenoCore
import StenoHTTP
import StenoStore
import StenoTesting
import StenoWebhook
import StenoWire
import Synchronization

enum Signed {
    static let secret = "whsec_test_secret"
    static let body = Array(#"{"type":"new_label","data":{"labelId":"label-1"}}"#.utf8)

    static func code(_ body: [UInt8], key: String = Self.secret) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Array(key.utf8))))
    }

    static func header(_ body: [UInt8], key: String = Self.secret) -> String {
        "sha256=" + Self.code(body, key: key).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// A time that only goes on when it is told to.
final class StillClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_800_000_000_000)

    var now: Int64 { self.milliseconds.withLock { $0 } }

    func advance(seconds: Int64) { self.milliseconds.withLock { $0 += seconds * 1_000 } }

    /// Sleeping advances it.
    var timekeeper: Timekeeper {
        Timekeeper(
            now: { .milliseconds(self.now) },
            secondsSince1970: { self.now / 1_000 },
            sleep: { duration in
                try Task.checkCancellation()
                await Task.yield()
                self.advance(seconds: max(1, duration.components.seconds + 1))
            },
            chance: { 0 }
        )
    }
}

/// What a worker read and told, and answers to what it asks.
final class Told: Sendable {
    private struct State {
        var lines: [String] = []
        var reads: [WebhookMessage.FollowUp] = []
        var hooks: [String] = []
    }

    private let state = Mutex(State())
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    init() { (self.bell, self.ring) = AsyncStream.makeStream() }

    var lines: [String] { self.state.withLock(\.lines) }
    var reads: [WebhookMessage.FollowUp] { self.state.withLock(\.reads) }
    var hooks: [String] { self.state.withLock(\.hooks) }

    func wrote(_ line: String) {
        self.state.withLock { $0.lines.append(line) }
        self.ring.yield()
    }

    func read(_ followUp: WebhookMessage.FollowUp) -> Int {
        defer { self.ring.yield() }
        return self.state.withLock {
            $0.reads.append(followUp)
            return $0.reads.count
        }
    }

    func hooked(_ letter: String) -> Int {
        defer { self.ring.yield() }
        return self.state.withLock {
            $0.hooks.append(letter)
            return $0.hooks.count
        }
    }

    /// Waits until `condition` holds; looked at after everything that happens.
    func waits(_ condition: (Told) -> Bool) async {
        guard !condition(self) else { return }
        for await _ in self.bell where condition(self) { return }
    }
}

/// A store in a folder of its own, without a vault unless one is given.
struct Place {
    let folder = TemporaryFolder()
    let clock = StillClock()

    func store(vault: RecordingVault? = nil) throws -> EventStore {
        try EventStore(folder: self.folder.path("webhooks"), vault: vault)
    }

    func intake(
        _ store: EventStore,
        isSigned: Bool = true,
        onArrival: @escaping @Sendable () -> Void = {}
    ) async throws -> WebhookIntake {
        let clock = self.clock
        return try await WebhookIntake(
            store: store,
            signature: isSigned ? WebhookSignature(secret: Secret(Signed.secret)) : nil,
            now: { clock.now },
            onArrival: onArrival,
            onTrouble: { _ in }
        )
    }

    func worker(
        _ store: EventStore,
        _ told: Told,
        policy: EventPolicy = EventPolicy(),
        read: @escaping @Sendable (WebhookMessage, Int) async -> EventReading = { _, _ in
            .found(["id": "label-1"], isFinished: true)
        },
        hook: (@Sendable (String) async -> String?)? = nil
    ) -> EventWorker {
        EventWorker(
            store: store,
            policy: policy,
            world: EventWorker.World(
                time: self.clock.timekeeper,
                read: { message in await read(message, told.read(message.followUp)) },
                tell: { told.wrote($0) },
                hook: hook,
                say: { _ in }
            )
        )
    }
}

extension WebhookIntake {
    /// A delivery that is signed as it should be.
    func take(_ text: String, delivery: String?) async -> Int {
        let body = Array(text.utf8)
        return await self.take(signatures: [Signed.header(body)], delivery: delivery, body: body).status
    }
}
