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
/// What a file holds has to be read before its recording can be made, and nobody should wait for that.
package final class WaitingBook: FactBook {
    private struct State {
        var waiting: [RecordingFact] = []
        var writer: RecordingWriter?
    }

    private let state = Mutex(State())

    package init() {}

    /// `nil` until it is there.
    package var writer: RecordingWriter? { self.state.withLock(\.writer) }
    package var durable: SamplePosition { self.writer?.durable ?? .zero }

    /// The recording is there: it gets what was told so far, in order, and everything from now on.
    package func open(_ writer: RecordingWriter) {
        self.state.withLock { state in
            for fact in state.waiting { writer.keep(fact) }
            state.waiting = []
            state.writer = writer
        }
    }

    @discardableResult
    package func keep(_ fact: RecordingFact) -> Bool {
        self.state.withLock { state in
            if let writer = state.writer { return writer.keep(fact) }
            guard state.waiting.count < RecordingWriter.factLimit else { return false }
            state.waiting.append(fact)
            return true
        }
    }
}
