package import StenoHTTP

/// One delivery that is worked on, with where it goes and where it is written down.
package struct DeliveryItem: Sendable {
    /// Of the delivery.
    package let id: String
    package let target: any DeliveryTarget
    package let keeper: any DeliveryKeeping
    /// What its worker tells.
    package let tell: @Sendable (DeliveryNews) -> Void

    package init(
        id: String,
        target: any DeliveryTarget,
        keeper: any DeliveryKeeping,
        tell: @escaping @Sendable (DeliveryNews) -> Void = { _ in }
    ) {
        self.id = id
        self.target = target
        self.keeper = keeper
        self.tell = tell
    }
}

/// Works on many deliveries at once. A target that is down, or a delivery that never gets through, holds up no other.
package actor DeliveryQueue {
    /// Deliveries worked on at once: more wait for the next look. Each that pauses costs a task and nothing else.
    package static let limit = 2_000

    private let width: Int
    private let time: Timekeeper
    private var gates: [String: DeliveryGate] = [:]

    /// - Parameter width: requests at once to one target.
    package init(width: Int = 2, time: Timekeeper = .system) {
        self.width = width
        self.time = time
    }

    /// What all deliveries to a target share.
    package func gate(_ target: String) -> DeliveryGate {
        if let gate = self.gates[target] { return gate }
        let gate = DeliveryGate(width: self.width)
        self.gates[target] = gate
        return gate
    }

    /// Works on one.
    package func work(
        on item: DeliveryItem,
        _ wish: DeliveryWorker.Wish = .goOn,
        patience: DeliveryPatience
    ) async -> DeliveryOutcome {
        let gate = self.gate(item.target.name)
        return await DeliveryWorker(item.target, item.keeper, gate: gate, time: self.time, tell: item.tell)
            .run(wish, patience: patience)
    }

    /// Works on all of them, in their order as far as there is one: each target for itself, `width` at once.
    ///
    /// - Parameter ended: called as each of them ends.
    /// - Returns: what became of each, in the order given.
    package func drain(
        _ items: [DeliveryItem],
        _ wish: DeliveryWorker.Wish = .goOn,
        patience: DeliveryPatience = .once,
        ended: @escaping @Sendable (DeliveryItem, DeliveryOutcome) -> Void = { _, _ in }
    ) async -> [DeliveryOutcome] {
        await withTaskGroup(of: (Int, DeliveryOutcome).self) { group in
            var outcomes = [DeliveryOutcome?](repeating: nil, count: items.count)
            var rest = items.enumerated().makeIterator()
            func add(_ entry: (offset: Int, element: DeliveryItem)) {
                group.addTask { (entry.offset, await self.work(on: entry.element, wish, patience: patience)) }
            }
            for _ in 0..<Self.limit { if let next = rest.next() { add(next) } else { break } }
            while let (index, outcome) = await group.next() {
                outcomes[index] = outcome
                ended(items[index], outcome)
                if let next = rest.next() { add(next) }
            }
            return outcomes.compactMap(\.self)
        }
    }

    /// Works on all there is and on what comes, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: between two looks for what is new.
    ///   - find: everything that waits, the oldest first; looked at again and again.
    package func watch(
        every interval: Duration = .seconds(5),
        find: @escaping @Sendable () -> [DeliveryItem],
        ended: @escaping @Sendable (DeliveryItem, DeliveryOutcome) -> Void
    ) async {
        await withTaskGroup(of: (DeliveryItem, DeliveryOutcome)?.self) { group in
            var running: Set<String> = []
            func look() {
                for item in find() where running.count < Self.limit && running.insert(item.id).inserted {
                    group.addTask { (item, await self.work(on: item, patience: .endless)) }
                }
                let time = self.time
                group.addTask {
                    try? await time.sleep(interval)
                    return nil
                }
            }
            look()
            while let event = await group.next() {
                if let (item, outcome) = event {
                    running.remove(item.id)
                    ended(item, outcome)
                } else if !Task.isCancelled {
                    look()
                }
            }
        }
    }
}
