import StenoCore
import StenoHTTP
import StenoHandoff
import StenoStore
import Synchronization
import Testing

@Suite("Delivery queue")
struct DeliveryQueueTests {
    @Test("Of 500 deliveries over three targets the down one holds up no other, and drains when it is back")
    func threeTargets() async {
        let time = ManualTime()
        let queue = DeliveryQueue(time: time.timekeeper)
        let targets = ["one", "two", "three"].map { ScriptedTarget($0) }
        targets[2].isDown.store(true, ordering: .relaxed)
        let items = (0..<500).map { number in targets[number % 3].item(number) }
        let first = await queue.drain(items)
        #expect(first.filter(\.isDone).count == 334)
        #expect(first.filter(\.isWaiting).count == 166)
        #expect(targets[2].requests <= 2, "a service that is down was asked by everybody")
        targets[2].isDown.store(false, ordering: .relaxed)
        time.advance(by: .seconds(120))
        let second = await queue.drain(items)
        #expect(second.filter(\.isDone).count == 500)
        for target in targets {
            #expect(target.sent.sorted() == Array(stride(from: target.first, to: 500, by: 3)))
            #expect(target.widest <= 2)
        }
    }

    @Test("One that is poison is parked with its reason, and those behind it are done")
    func poison() async {
        let queue = DeliveryQueue(time: ManualTime().timekeeper)
        let target = ScriptedTarget("one") { number, _ in
            number == 1 ? DeliveryTry(.rejected, reason: "It is no audio.", failure: .rejected) : nil
        }
        let outcomes = await queue.drain((0..<4).map { target.item($0) })
        #expect(outcomes.filter(\.isDone).count == 3)
        #expect(outcomes[1].delivery?.memory.stage == .parked(.rejected))
        #expect(outcomes[1].delivery?.reason == "It is no audio.")
    }

    @Test("A service that asks to wait is left alone by everybody until then")
    func throttled() async {
        let time = ManualTime()
        let queue = DeliveryQueue(width: 1, time: time.timekeeper)
        let target = ScriptedTarget("one") { _, count in
            count == 1
                ? DeliveryTry(.notReceived(retryAfter: .seconds(40)), reason: "It asks to wait.", failure: .throttled)
                : nil
        }
        let outcomes = await queue.drain((0..<3).map { target.item($0) })
        #expect(outcomes.filter(\.isWaiting).count == 3)
        #expect(target.requests == 1)
        time.advance(by: .seconds(41))
        #expect(await queue.drain((0..<3).map { target.item($0) }).filter(\.isDone).count == 3)
    }

    @Test("What is parked stays until a person wants it, and what is held by somebody else is left to him")
    func parkedAndBusy() async {
        let queue = DeliveryQueue(time: ManualTime().timekeeper)
        let target = ScriptedTarget("one")
        let parked = target.item(0) { $0.memory.stage = .parked(.refused) }
        #expect(await queue.drain([parked]).first?.isDone == false)
        #expect(target.requests == 0)
        #expect(await queue.drain([parked], .retry).first?.isDone == true)
        let busy = target.item(1, isHeld: true)
        guard case .busy? = await queue.drain([busy]).first?.end else {
            Issue.record("worked on by two")
            return
        }
    }

    @Test("An outcome that nobody can look up is parked, and sent again only when a person says so twice")
    func unknown() async {
        let queue = DeliveryQueue(time: ManualTime().timekeeper)
        let target = ScriptedTarget("one", canSearch: false) { _, count in count == 1 ? DeliveryTry(.unknown) : nil }
        let item = target.item(0) { $0.memory.stage = .sending }
        #expect(await queue.drain([item], .retry).first?.delivery?.memory.stage == .parked(.unknown))
        #expect(target.requests == 0, "a program that died while sending does not know that it was not received")
        #expect(await queue.drain([item], .retry).first?.delivery?.memory.stage == .parked(.unknown))
        #expect(await queue.drain([item]).first?.delivery?.memory.stage == .parked(.unknown))
        #expect(target.requests == 1)
        #expect(await queue.drain([item], .retry).first?.isDone == true)
    }

    @Test("Watching finds what is new, goes on with what waits, and ends with its task")
    func watching() async {
        let time = ManualTime()
        let queue = DeliveryQueue(time: time.timekeeper)
        let target = ScriptedTarget("one") { number, count in
            number == 0 && count < 4 ? DeliveryTry(.notReceived(retryAfter: nil), failure: .unavailable) : nil
        }
        let items = [target.item(0), target.item(1)]
        let looks = Atomic(0)
        let (ends, end) = AsyncStream<String>.makeStream()
        let watch = Task {
            await queue.watch(
                find: {
                    let look = looks.add(1, ordering: .relaxed).newValue
                    return look == 1 ? [items[0]] : items.filter { !target.isDone($0.id) }
                },
                ended: { item, outcome in if outcome.isDone { end.yield(item.id) } }
            )
            end.finish()
        }
        var done: Set<String> = []
        for await id in ends {
            done.insert(id)
            if done.count == 2 { watch.cancel() }
        }
        #expect(done == ["0", "1"])
    }
}

/// Takes what it is given, and counts. What it is told to do instead comes from a script.
private final class ScriptedTarget: DeliveryTarget {
    typealias Script = @Sendable (_ number: Int, _ request: Int) -> DeliveryTry?

    let name: String
    let isDown = Atomic(false)
    private let canSearch: Bool
    private let script: Script
    private let state = Mutex((sent: [Int](), requests: 0, running: 0, widest: 0))
    private let books = Mutex<[Int: MemoryBook]>([:])

    init(_ name: String, canSearch: Bool = true, script: @escaping Script = { _, _ in nil }) {
        self.name = name
        self.canSearch = canSearch
        self.script = script
    }

    var sent: [Int] { self.state.withLock(\.sent) }
    var requests: Int { self.state.withLock(\.requests) }
    var widest: Int { self.state.withLock(\.widest) }
    var first: Int { self.sent.min() ?? 0 }

    func isDone(_ id: String) -> Bool {
        self.books.withLock { $0[Int(id) ?? -1]?.delivery.memory.stage == .done }
    }

    func item(
        _ number: Int,
        isHeld: Bool = false,
        change: (inout StoredDelivery) -> Void = { _ in }
    ) -> DeliveryItem {
        var delivery = StoredDelivery(id: "\(number)", target: self.name, realm: "sandbox", order: [], begun: 0)
        change(&delivery)
        let book = MemoryBook(delivery, isHeld: isHeld)
        self.books.withLock { $0[number] = book }
        return DeliveryItem(id: "\(number)", target: self, keeper: book)
    }

    func policy(for delivery: StoredDelivery) -> DeliveryPolicy {
        var policy = DeliveryPolicy()
        policy.canSearch = self.canSearch
        return policy
    }

    func send(_ delivery: StoredDelivery) async -> DeliveryTry {
        let number = Int(delivery.id) ?? -1
        let request = self.state.withLock { state in
            state.requests += 1
            state.running += 1
            state.widest = max(state.widest, state.running)
            return state.requests
        }
        await Task.yield()
        defer { self.state.withLock { $0.running -= 1 } }
        if self.isDown.load(ordering: .relaxed) {
            return DeliveryTry(ServiceError(.unreachable, service: "Notes", message: "It cannot be reached."))
        }
        if let told = self.script(number, request) { return told }
        self.state.withLock { $0.sent.append(number) }
        return DeliveryTry(.accepted(note: "n-\(number)"))
    }

    func search(for delivery: StoredDelivery) async -> DeliverySearch { .found([]) }

    func progress(of note: String, _ delivery: StoredDelivery) async -> DeliveryProgress { .done(result: nil) }

    func reprocess(_ note: String, _ delivery: StoredDelivery) async -> DeliveryProgress { .done(result: nil) }
}

/// One delivery that survives nothing.
private final class MemoryBook: DeliveryKeeping {
    private let state: Mutex<StoredDelivery>
    private let isHeld: Bool

    init(_ delivery: StoredDelivery, isHeld: Bool) {
        self.state = Mutex(delivery)
        self.isHeld = isHeld
    }

    var delivery: StoredDelivery { self.state.withLock { $0 } }

    func take() throws(StoreError) -> (delivery: StoredDelivery, hold: any Sendable) {
        guard !self.isHeld else { throw StoreError(.inUse(process: 7), "recording") }
        return (self.delivery, ())
    }

    func store(_ delivery: StoredDelivery) throws(StoreError) { self.state.withLock { $0 = delivery } }
}

extension DeliveryOutcome {
    fileprivate var isDone: Bool { if case .done = self.end { true } else { false } }
    fileprivate var isWaiting: Bool { if case .waiting = self.end { true } else { false } }
}
