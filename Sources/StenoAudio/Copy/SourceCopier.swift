import StenoCore

/// Brings a source to the disk as it comes, on a thread of its own, so that neither the source nor the session that
/// reads it ever waits for the disk.
///
/// The source itself is the buffer: what the disk refuses is offered again, once a second and some times at the end.
/// What it does not take even then is measured and reported.
package final class SourceCopier: Sendable {
    /// How much is to be copied.
    package enum Amount: Hashable, Sendable {
        /// Nothing: the audio lies where it can be read again. What is told beside it is written all the same.
        case nothing
        /// What is there by now.
        case whatIsThere
        /// Everything, also what is still to come.
        case everything
    }

    private struct State {
        var amount: Amount
        var isEnding = false
        var hasEnded = false
        var report = CopyReport()
        var waiters: [CheckedContinuation<CopyReport, Never>] = []
    }

    private let state: Locked<State>
    private let bell: Doorbell
    /// Something beside the audio waits to be written.
    private let hasNews = Locked(false)

    /// - Parameters:
    ///   - amount: what is copied until `finish` says otherwise.
    ///   - isUrgent: it can never be read again, so each 250 ms of it are brought to the disk as soon as they are there.
    ///   - open: called first, on the thread; it may take its time. Copying begins at the sink's `durable`.
    /// - Throws: when the system has no descriptor or thread left.
    package init(
        _ source: SharedSource,
        copying amount: Amount,
        isUrgent: Bool = false,
        name: String,
        open: @escaping @Sendable () throws(AudioError) -> any CopySink
    ) throws(AudioError) {
        self.state = Locked(State(amount: amount))
        let bell = try Doorbell(name: name)
        self.bell = bell
        source.watch { bell.ring() }
        try NamedThread.run("steno-store", path: name) { CopierLoop(self, source, isUrgent: isUrgent, open).run() }
    }

    /// Something was told that is to be written soon. Any thread; never waits.
    package func wake() {
        self.hasNews.withLock { $0 = true }
        self.bell.ring()
    }

    /// How far it is.
    package var report: CopyReport { self.state.withLock(\.report) }

    /// Copies `amount`, and returns when that is done or given up. Nothing is written any more then.
    package func finish(copying amount: Amount) async -> CopyReport {
        await withCheckedContinuation { continuation in
            let report = self.state.withLock { state -> CopyReport? in
                guard !state.hasEnded else { return state.report }
                state.amount = amount
                state.isEnding = true
                state.waiters.append(continuation)
                return nil
            }
            if let report { continuation.resume(returning: report) } else { self.bell.ring() }
        }
    }

    // MARK: The thread only

    /// What is asked for now.
    fileprivate var order: (amount: Amount, isEnding: Bool) { self.state.withLock { ($0.amount, $0.isEnding) } }

    fileprivate func takeNews() -> Bool {
        self.hasNews.withLock { news in
            defer { news = false }
            return news
        }
    }

    fileprivate func tell(_ change: (inout CopyReport) -> Void) { self.state.withLock { change(&$0.report) } }

    fileprivate func answer(within limit: Duration?) {
        if let limit { self.bell.answer(within: limit) } else { self.bell.answer() }
    }

    fileprivate func ended() {
        let (waiters, report) = self.state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return (state.waiters, state.report)
        }
        for waiter in waiters { waiter.resume(returning: report) }
    }
}

/// What the thread holds.
private final class CopierLoop {
    /// What is told beside the audio waits at most so long for the disk.
    private static let pause = Duration.milliseconds(250)
    /// Between two offers to a disk that refuses.
    private static let retryPause = Duration.seconds(1)
    /// How often a disk that refuses is asked at the end.
    private static let lastAttempts = 3

    private let copier: SourceCopier
    private let source: SharedSource
    private let isUrgent: Bool
    private let open: @Sendable () throws(AudioError) -> any CopySink
    private let block = Scratch<Int16>(count: SamplePosition.rate, filledWith: 0)
    private var position = SamplePosition.zero
    private var lastSettled = ContinuousClock.now
    private var hasNews = false

    init(
        _ copier: SourceCopier,
        _ source: SharedSource,
        isUrgent: Bool,
        _ open: @escaping @Sendable () throws(AudioError) -> any CopySink
    ) {
        self.copier = copier
        self.source = source
        self.isUrgent = isUrgent
        self.open = open
    }

    func run() {
        if let sink = self.opened() {
            while !self.turn(sink) {}
        } else {
            // Whoever waits for the end is told then.
            while !self.copier.order.isEnding { self.copier.answer(within: nil) }
            self.measure(upTo: self.copier.order.amount)
        }
        self.copier.ended()
    }

    private func opened() -> (any CopySink)? {
        do throws(AudioError) {
            let sink = try self.open()
            self.position = sink.durable
            self.copier.tell { report in
                report.isOpen = true
                report.end = sink.durable
            }
            return sink
        } catch {
            self.copier.tell { $0.failure = error }
            return nil
        }
    }

    /// Writes what is there, and waits for more.
    ///
    /// - Returns: whether there will be no more.
    private func turn(_ sink: any CopySink) -> Bool {
        // Looked at first: who sees the end also sees what was told before it.
        let order = self.copier.order
        guard order.isEnding else {
            if self.attempt(sink, order.amount) { self.rest() } else { self.copier.answer(within: Self.retryPause) }
            return false
        }
        while order.amount == .everything, !self.source.progress.isComplete {
            if !self.attempt(sink, .everything) { break }
            self.copier.answer(within: Self.retryPause)
        }
        if !(0..<Self.lastAttempts).contains(where: { _ in self.attempt(sink, order.amount, isLast: true) }) {
            self.measure(upTo: order.amount)
        }
        return true
    }

    /// Until something happens, or what was told has waited long enough.
    private func rest() {
        let waited = ContinuousClock.now - self.lastSettled
        self.copier.answer(within: self.hasNews ? max(.zero, Self.pause - waited) : nil)
    }

    /// - Returns: `false` when the disk refused.
    private func attempt(_ sink: any CopySink, _ amount: SourceCopier.Amount, isLast: Bool = false) -> Bool {
        do throws(AudioError) {
            self.hasNews = self.copier.takeNews() || self.hasNews
            let rows = self.position.frames / LiveRecorder.rowFrames
            if amount != .nothing { try self.copy(to: sink) }
            let hasRow = self.position.frames / LiveRecorder.rowFrames != rows
            self.hasNews = self.hasNews || hasRow
            // A commit costs the disk an effort, so what can be told or read again waits for its turn.
            let isDue = self.hasNews && .now - self.lastSettled >= Self.pause
            if isDue || isLast || (hasRow && self.isUrgent) {
                try sink.settle()
                self.lastSettled = .now
                self.hasNews = false
            }
            self.copier.tell { $0.failure = nil }
            return true
        } catch {
            self.copier.tell { $0.failure = error }
            return false
        }
    }

    private func copy(to sink: any CopySink) throws(AudioError) {
        // The look at the progress is what makes the source ring again.
        while self.position < self.source.progress.available {
            let count = try self.source.read(at: self.position, into: self.block.buffer)
            guard count > 0 else { return }
            let samples = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(self.block.buffer)[..<count])
            try sink.append(samples, at: self.position)
            let end = self.position + Int64(count)
            self.position = end
            self.copier.tell { $0.end = end }
        }
    }

    private func measure(upTo amount: SourceCopier.Amount) {
        let end = self.source.progress.available
        guard amount != .nothing, self.position < end else { return }
        let missing = AudioSpan(start: self.position, end: end)
        self.copier.tell { $0.missing = missing }
    }
}
