package import StenoCore
package import StenoStore
import Synchronization

/// Where is written down what becomes known about a recording.
package protocol FactBook: AnyObject, Sendable {
    /// Any thread; never waits for the disk.
    ///
    /// - Returns: `false` when too much is waiting already; then it is not kept.
    @discardableResult
    func keep(_ fact: RecordingFact) -> Bool

    /// Audio before this is on the disk.
    var durable: SamplePosition { get }
}

extension RecordingWriter: FactBook {}

/// Takes facts while the recording is still being made, and hands them over once it is there.
///
/// What a file holds has to be read before its recording can be made, and nobody should wait for that. A job that repeats
/// another one hands over at its end, or never.
package final class WaitingBook: FactBook {
    fileprivate struct State {
        var waiting: [RecordingFact] = []
        /// The last one tells what all before it told.
        var coverage: RecordingFact?
        var writer: RecordingWriter?
        var isOpen = false
    }

    private let state = Mutex(State())

    package init() {}

    /// `nil` until it is there.
    package var writer: RecordingWriter? { self.state.withLock(\.writer) }
    package var durable: SamplePosition { self.writer?.durable ?? .zero }

    /// The recording is there.
    ///
    /// - Parameter isOpen: it gets what was told so far, in order, and everything from now on.
    package func found(_ writer: RecordingWriter, isOpen: Bool) {
        self.state.withLock { state in
            state.writer = writer
            if isOpen { state.open() }
        }
    }

    /// What was told takes the place of these.
    package func open(replacing replaced: [Utterance.ID]) {
        self.state.withLock { state in
            state.waiting.insert(contentsOf: replaced.map { .withdrawn($0) }, at: 0)
            state.open()
        }
    }

    @discardableResult
    package func keep(_ fact: RecordingFact) -> Bool {
        self.state.withLock { state in
            if state.isOpen { return state.writer?.keep(fact) ?? false }
            if case .coverage = fact {
                state.coverage = fact
                return true
            }
            guard state.waiting.count < RecordingWriter.factLimit else { return false }
            state.waiting.append(fact)
            return true
        }
    }
}

extension WaitingBook.State {
    fileprivate mutating func open() {
        guard let writer = self.writer else { return }
        let facts = self.waiting + (self.coverage.map { [$0] } ?? [])
        for (count, fact) in facts.enumerated() {
            // Too much at once: it is written in between, before the writer has to refuse anything.
            if count > 0, count.isMultiple(of: RecordingWriter.factLimit / 2) { try? writer.settle() }
            writer.keep(fact)
        }
        self.waiting = []
        self.coverage = nil
        self.isOpen = true
    }
}
