import StenoCore
import StenoStore

/// Keeps beside the audio of a recording what becomes known about it.
package final class RecordingKeeper: Sendable {
    private let book: any FactBook
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds since 1970.
    package init(_ book: any FactBook, clock: @escaping @Sendable () -> Int64 = WallClock.now) {
        self.book = book
        self.clock = clock
    }

    /// Any thread; never waits for the disk.
    package func receive(_ event: RunEvent) {
        switch event {
        case .recognition(.transcript(.complete(let utterance))), .recognition(.transcript(.deliver(let utterance))):
            self.book.keep(.utterance(utterance))
        case .recognition(.transcript(.withdraw(let id))): self.book.keep(.withdrawn(id))
        case .recognition(.information(let information)): self.book.keep(.information(information))
        case .recognition(.connectionLost): self.note("connection-lost")
        case .recognition(.state(let state)): self.note(state.rawValue)
        case .recognition(.coverage(let coverage)): self.book.keep(.coverage(coverage))
        case .gap(let span, let cause): self.note("gap", at: span.start, detail: cause)
        case .microphone(let report): self.note("microphone", detail: report.condition.rawValue)
        case .device(let name): self.note("device", detail: name)
        case .paused: self.note("paused")
        case .resumed: self.note("resumed")
        case .end(let end):
            guard let coverage = end.coverage else { return }
            self.book.keep(.coverage(coverage))
        // Deliveries are written down by whoever makes them, before they are made.
        case .recording, .recognition, .summary, .delivery, .level, .warning, .notice: break
        }
    }

    private func note(_ kind: String, at position: SamplePosition? = nil, detail: String? = nil) {
        let event = RecordingEvent(kind, at: position ?? self.book.durable, time: self.clock(), detail: detail)
        self.book.keep(.event(event))
    }
}
