import Synchronization

/// A queue that one test waits on while event loops fill it.
final class Inbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var waiter: CheckedContinuation<Element, Never>?
    }

    private let state = Mutex(State())

    func put(_ element: Element) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Element, Never>? in
            guard let waiter = state.waiter else {
                state.elements.append(element)
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: element)
    }

    /// The oldest element; waits for one where there is none.
    func next() async -> Element {
        await withCheckedContinuation { continuation in
            let element = self.state.withLock { state -> Element? in
                guard state.elements.isEmpty else { return state.elements.removeFirst() }
                state.waiter = continuation
                return nil
            }
            if let element { continuation.resume(returning: element) }
        }
    }

    /// Passes over elements until one fits.
    func next(where fits: (Element) -> Bool) async -> Element {
        while true {
            let element = await self.next()
            if fits(element) { return element }
        }
    }

    var isEmpty: Bool { self.state.withLock { $0.elements.isEmpty } }
}
