import StenoCore
import Synchronization

/// The audio between exactly two threads: one writes, one reads, neither ever waits for the other.
///
///     released ──── filled: the reader's ────► written ──── free: the writer's ────► released + capacity
///
/// Invariant: `released <= written <= released + capacity`. Both only grow; an index is a position `& mask`. A full
/// ring lends nothing and overwrites nothing: what then happens to the audio is the writer's decision, and it knows.
///
/// `@unchecked` because the compiler cannot see the cursor protocol: samples of `[written, released + capacity)` belong
/// to the one `Writer`, all others to the one `Reader`. Both are noncopyable and made only once. The store of a cursor
/// releases what it passes on, the load on the other side acquires it.
package final class SampleRing: @unchecked Sendable {
    /// What every ring holds at least, a minute: longer than any stall that is worth surviving in memory.
    package static let minimumFrames = 60 * SamplePosition.rate

    /// Samples it holds, a power of two.
    package let capacity: Int
    private let samples: UnsafeMutablePointer<Int16>
    /// Stored by the writer only.
    private let written = Atomic<Int>(0)
    /// Stored by the reader only.
    private let released = Atomic<Int>(0)
    private let hasWriter = Atomic(false)
    private let hasReader = Atomic(false)

    /// - Parameter frames: what it holds at least; the next power of two is taken, and no less than two.
    package init(holding frames: Int = minimumFrames) {
        precondition((1...1 << 40).contains(frames), "a ring holds between 1 and 2^40 frames")
        var capacity = 2
        while capacity < frames { capacity *= 2 }
        self.capacity = capacity
        self.samples = .allocate(capacity: capacity)
        // Touched now, so that the capture thread never waits for the system to find a page.
        self.samples.initialize(repeating: 0, count: capacity)
    }

    deinit {
        self.samples.deallocate()
    }

    /// The writing end. Only once.
    package func makeWriter() -> Writer {
        precondition(!self.hasWriter.exchange(true, ordering: .relaxed), "a ring has one writer")
        return Writer(ring: self)
    }

    /// The reading end. Only once.
    package func makeReader() -> Reader {
        precondition(!self.hasReader.exchange(true, ordering: .relaxed), "a ring has one reader")
        return Reader(ring: self)
    }

    /// The part of `count` samples from `position` that is contiguous in memory.
    private func stretch(from position: Int, count: Int) -> UnsafeMutableBufferPointer<Int16> {
        let index = position & (self.capacity - 1)
        return UnsafeMutableBufferPointer(start: self.samples + index, count: min(count, self.capacity - index))
    }
}

extension SampleRing {
    /// The writing thread's end. Never blocks, never allocates.
    package struct Writer: ~Copyable, Sendable {
        private let ring: SampleRing

        fileprivate init(ring: SampleRing) {
            self.ring = ring
        }

        /// Samples written since the beginning.
        package var position: Int { self.ring.written.load(ordering: .relaxed) }

        /// Samples that can be written now. Grows by itself as the reader goes on.
        package var free: Int {
            self.ring.capacity - (self.position - self.ring.released.load(ordering: .acquiring))
        }

        /// Lends `body` the free samples that are contiguous in memory, none when the ring is full; `body` returns how
        /// many it filled, from the front. At the end of the memory the loan is short, and the next one goes on.
        package mutating func write<Failure: Error>(
            _ body: (UnsafeMutableBufferPointer<Int16>) throws(Failure) -> Int
        ) throws(Failure) -> Int {
            let position = self.position
            let loan = self.ring.stretch(from: position, count: self.free)
            let count = try body(loan)
            precondition((0...loan.count).contains(count), "filled more samples than were lent")
            self.ring.written.store(position + count, ordering: .releasing)
            return count
        }
    }

    /// The reading thread's end. Never blocks, never allocates.
    package struct Reader: ~Copyable, Sendable {
        private let ring: SampleRing

        fileprivate init(ring: SampleRing) {
            self.ring = ring
        }

        /// Samples released since the beginning.
        package var position: Int { self.ring.released.load(ordering: .relaxed) }

        /// Samples that can be read now. Grows by itself as the writer goes on.
        package var available: Int { self.end - self.position }

        /// Samples written so far: the end of what can be read now.
        package var end: Int { self.ring.written.load(ordering: .acquiring) }

        /// Copies what is there from `index` on, counted as `position` is, and returns how many samples that were: none
        /// where they are released already or not yet written. Nothing is released.
        package func copy(from index: Int, into buffer: UnsafeMutableBufferPointer<Int16>) -> Int {
            let end = self.end
            guard index >= self.position, index < end else { return 0 }
            let count = min(buffer.count, end - index)
            var done = 0
            while done < count {
                let stretch = self.ring.stretch(from: index + done, count: count - done)
                done = UnsafeMutableBufferPointer(rebasing: buffer[done...]).update(fromContentsOf: stretch) + done
            }
            return count
        }

        /// Samples before `index` may be overwritten.
        package mutating func release(upTo index: Int) {
            precondition((self.position...self.end).contains(index), "released samples that are not there")
            self.ring.released.store(index, ordering: .releasing)
        }

        /// Lends `body` the samples that are contiguous in memory, none when the ring is empty; `body` returns how many
        /// of them, from the front, may be overwritten. The others are lent again.
        package mutating func read<Failure: Error>(
            _ body: (UnsafeBufferPointer<Int16>) throws(Failure) -> Int
        ) throws(Failure) -> Int {
            let position = self.position
            let loan = UnsafeBufferPointer(self.ring.stretch(from: position, count: self.available))
            let count = try body(loan)
            precondition((0...loan.count).contains(count), "released more samples than were lent")
            self.ring.released.store(position + count, ordering: .releasing)
            return count
        }
    }
}
