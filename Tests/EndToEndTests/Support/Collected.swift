import Glibc
import Synchronization

/// Everything that comes out of a descriptor, read by a thread of its own so that no pipe can fill up.
final class Collected: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    /// - Parameter descriptor: read to its end and closed.
    init(_ descriptor: Int32) {
        detached {
            var block = [UInt8](repeating: 0, count: 16_384)
            // A terminal whose program has ended gives an error in the place of an end.
            while true {
                let count = read(descriptor, &block, block.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                self.add(block[..<count])
            }
            close(descriptor)
            self.end()
        }
    }

    var text: String { self.state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    func contains(_ text: String) async -> Bool { await self.waits { $0.contains(text) } }

    /// Waits until `isTrue` of what came so far; false when it ended without.
    func waits(until isTrue: (String) -> Bool) async -> Bool {
        for await _ in self.changes() where isTrue(self.text) { return true }
        return isTrue(self.text)
    }

    func whole() async -> String {
        for await _ in self.changes() {}
        return self.text
    }

    /// One element now and one for each change, until the end.
    private func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        let isOver = self.state.withLock { state in
            if !state.isOver { state.waiting.append(continuation) }
            return state.isOver
        }
        if isOver { continuation.finish() }
        return stream
    }

    private func add(_ bytes: ArraySlice<UInt8>) {
        let waiting = self.state.withLock { state in
            state.bytes += bytes
            return state.waiting
        }
        for continuation in waiting { continuation.yield() }
    }

    private func end() {
        let waiting = self.state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.finish() }
    }
}
