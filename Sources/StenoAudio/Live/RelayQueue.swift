import Synchronization

/// A bounded queue of plain values from exactly one thread to exactly one other. Neither ever waits or allocates.
///
///     released ──── filled: the reader's ────► written ──── free: the writer's ────► released + capacity
///
/// Invariant, and why `@unchecked`: elements `[written, released + capacity)` belong to the writer, all others to the
/// reader, and each cursor is stored by its own side alone. The store of a cursor releases what it passes on, the load
/// on the other side acquires it. Whoever owns a queue sees to it that each side is one thread at a time.
final class RelayQueue<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    /// Elements it holds, a power of two.
    let capacity: Int
    private let elements: UnsafeMutablePointer<Element>
    private let written = Atomic<Int>(0)
    private let released = Atomic<Int>(0)

    /// - Parameters:
    ///   - capacity: what it holds at least; the next power of two is taken.
    ///   - filler: any value; the memory is touched with it, so that no write waits for a page.
    init(capacity: Int, filledWith filler: Element) {
        precondition((1...1 << 20).contains(capacity), "a queue holds between 1 and 2^20 elements")
        var size = 1
        while size < capacity { size *= 2 }
        self.capacity = size
        self.elements = .allocate(capacity: size)
        self.elements.initialize(repeating: filler, count: size)
    }

    deinit {
        self.elements.deallocate()
    }

    // MARK: Writer only

    /// Elements that can be appended now. Grows by itself as the reader goes on.
    var free: Int {
        self.capacity - (self.written.load(ordering: .relaxed) - self.released.load(ordering: .acquiring))
    }

    /// - Precondition: `free > 0`.
    func append(_ element: Element) {
        precondition(self.free > 0, "appended to a full queue")
        let index = self.written.load(ordering: .relaxed)
        self.elements[index & (self.capacity - 1)] = element
        self.written.store(index + 1, ordering: .releasing)
    }

    // MARK: Reader only

    /// What can be read now. An index stays the same for as long as its element is there.
    var indices: Range<Int> {
        let released = self.released.load(ordering: .relaxed)
        return released..<self.written.load(ordering: .acquiring)
    }

    /// - Precondition: `index` is one of `indices`.
    subscript(index: Int) -> Element { self.elements[index & (self.capacity - 1)] }

    /// Elements before `index` may be overwritten.
    func release(upTo index: Int) {
        self.released.store(index, ordering: .releasing)
    }
}
