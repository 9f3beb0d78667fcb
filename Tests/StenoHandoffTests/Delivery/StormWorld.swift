import StenoCore
import StenoHTTP
import StenoHandoff
import StenoStore
import Synchronization

/// One upload in a world that stores and drops, late and twice, and in which the program dies between any two steps: the
/// real worker and the real machine, with a model of the disk, the service and the clocks. Only a seed decides.
final class StormWorld: Sendable {
    struct Result: Sendable {
        /// Requests of ours that the service stored.
        var stored = 0
        /// Notes that the service made of one request more than it should.
        var doubles = 0
        /// Something appeared later than any search could know.
        var isTooLate = false
        var deaths = 0
        var sent = 0
        var delivery: StoredDelivery
    }

    /// How often it is started again at most.
    private static let startLimit = 2_000

    private struct State {
        var random: SplitMix64
        var now = Duration.zero
        var isDead = false
        /// When each stored note can be found.
        var notes: [Duration] = []
        var result: Result

        mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self.random) < share }

        mutating func mayDie() {
            guard !self.isDead, self.chance(0.03) else { return }
            self.isDead = true
            self.result.deaths += 1
        }
    }

    private let state: Mutex<State>
    /// Until a note is found at the latest, but for the few that come too late. A person who retries by hand is only
    /// told to wait for what the service is known to need.
    private let latest: Double
    private let hasPerson: Bool

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let hasPerson = Bool.random(using: &random)
        self.hasPerson = hasPerson
        self.latest = hasPerson ? 55 : 250
        let order = StoredDelivery(id: "mark", target: "notes", realm: "sandbox", order: [1], begun: 0)
        self.state = Mutex(State(random: random, result: Result(delivery: order)))
    }

    /// To its end, however often it dies.
    func run() async -> Result {
        let gate = DeliveryGate(width: 1)
        for _ in 0..<Self.startLimit {
            let wish: DeliveryWorker.Wish = self.state.withLock { state in
                // Some time passes before anybody starts it again.
                if state.isDead { state.now += .seconds(Double.random(in: 0...30, using: &state.random)) }
                state.isDead = false
                return self.hasPerson && state.chance(0.2) ? .retry : .goOn
            }
            // After a death nobody remembers what the service asked for.
            let worker = DeliveryWorker(
                self,
                self,
                gate: gate,
                time: self.time,
                wallClock: { self.state.withLock { $0.now.components.seconds * 1_000 } }
            )
            let outcome = await worker.run(wish, patience: .endless)
            switch outcome.end {
            case .done, .parked, .closed: return self.state.withLock(\.result)
            case .waiting, .processing, .busy, .notStored: continue
            }
        }
        return self.state.withLock(\.result)
    }

    private var time: Timekeeper {
        Timekeeper(
            now: { self.state.withLock(\.now) },
            secondsSince1970: { 0 },
            sleep: { duration in
                let isDead = self.state.withLock { state in
                    state.now += duration
                    state.mayDie()
                    return state.isDead
                }
                if isDead { throw CancellationError() }
            },
            chance: { self.state.withLock { Double.random(in: 0..<1, using: &$0.random) } }
        )
    }
}

extension StormWorld: DeliveryKeeping {
    func take() throws(StoreError) -> (delivery: StoredDelivery, hold: any Sendable) {
        (self.state.withLock { $0.result.delivery }, ())
    }

    /// What a program that is dead wants to store is not stored; one may die before and behind it.
    func store(_ delivery: StoredDelivery) throws(StoreError) {
        let isStored = self.state.withLock { state in
            state.mayDie()
            guard !state.isDead else { return false }
            state.result.delivery = delivery
            state.result.delivery.changed = state.now.components.seconds * 1_000
            state.mayDie()
            return !state.isDead
        }
        guard isStored else { throw StoreError(.gone, "dead") }
    }
}

extension StormWorld: DeliveryTarget {
    var name: String { "notes" }

    func policy(for delivery: StoredDelivery) -> DeliveryPolicy { DeliveryPolicy() }

    func send(_ delivery: StoredDelivery) async -> DeliveryTry {
        self.state.withLock { state in
            guard !state.isDead else { return DeliveryTry(.unknown) }
            state.result.sent += 1
            let isStored = state.chance(0.6)
            if isStored { self.storeNote(&state) }
            // The answer may be lost with the program.
            state.mayDie()
            if isStored { return state.chance(0.5) ? DeliveryTry(.accepted(note: "1")) : DeliveryTry(.unknown) }
            return state.chance(0.5) ? DeliveryTry(.unknown) : DeliveryTry(.notReceived(retryAfter: nil))
        }
    }

    func search(for delivery: StoredDelivery) async -> DeliverySearch {
        self.state.withLock { state in
            state.mayDie()
            guard !state.chance(0.1) else {
                return .failed(ServiceError(.unavailable, service: "Notes", message: "It is out of order."))
            }
            let now = state.now
            return .found(state.notes.filter { $0 <= now }.indices.map { "\($0 + 1)" })
        }
    }

    func progress(of note: String, _ delivery: StoredDelivery) async -> DeliveryProgress { .done(result: nil) }

    func reprocess(_ note: String, _ delivery: StoredDelivery) async -> DeliveryProgress { .done(result: nil) }

    private func storeNote(_ state: inout State) {
        state.result.stored += 1
        var visible = state.now + .seconds(Double.random(in: 0...self.latest, using: &state.random))
        if state.chance(0.01) {
            visible = state.now + .seconds(900)
            state.result.isTooLate = true
        }
        state.notes.append(visible)
        if state.chance(0.02) {
            state.notes.append(visible)
            state.result.doubles += 1
        }
    }
}
