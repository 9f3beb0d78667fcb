package import StenoAudio
import StenoCore
package import StenoStore

/// Keeps beside the audio of a recording what becomes known about it, and says in the end what became of it.
package final class RecordingKeeper: Sendable {
    private let writer: RecordingWriter
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds since 1970.
    package init(_ writer: RecordingWriter, clock: @escaping @Sendable () -> Int64 = WallClock.now) {
        self.writer = writer
        self.clock = clock
    }

    /// Any thread; never waits for the disk.
    package func receive(_ event: RunEvent) {
        switch event {
        case .recognition(.transcript(.complete(let utterance))), .recognition(.transcript(.deliver(let utterance))):
            self.writer.keep(.utterance(utterance))
        case .recognition(.transcript(.withdraw(let id))): self.writer.keep(.withdrawn(id))
        case .recognition(.information(let information)): self.writer.keep(.information(information))
        case .recognition(.connectionLost): self.note("connection-lost")
        case .recognition(.state(let state)): self.note(state.rawValue)
        case .recognition(.coverage(let coverage)): self.writer.keep(.coverage(coverage))
        case .gap(let span, let cause): self.note("gap", at: span.start, detail: cause)
        case .microphone(let report): self.note("microphone", detail: report.condition.rawValue)
        case .device(let name): self.note("device", detail: name)
        case .paused: self.note("paused")
        case .resumed: self.note("resumed")
        case .delivery(let report): self.keep(report)
        case .end(let end):
            guard let coverage = end.coverage else { return }
            self.writer.keep(.coverage(coverage))
        case .recording, .recognition, .summary, .level, .warning, .notice: break
        }
    }

    /// The last call: waits until everything is on the disk.
    ///
    /// - Parameter isComplete: all that was asked for is done.
    package func conclude(isComplete: Bool) throws(AudioError) {
        try self.writer.conclude(isComplete: isComplete)
    }

    private func note(_ kind: String, at position: SamplePosition? = nil, detail: String? = nil) {
        let event = RecordingEvent(kind, at: position ?? self.writer.durable, time: self.clock(), detail: detail)
        self.writer.keep(.event(event))
    }

    private func keep(_ report: DeliveryReport) {
        let now = self.clock()
        self.writer.keep(
            .delivery(
                RecordingDelivery(
                    target: report.target,
                    state: report.state.rawValue,
                    note: report.noteID,
                    begun: now,
                    changed: now
                )
            )
        )
    }
}
