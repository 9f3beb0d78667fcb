package import StenoCore

/// Puts what an earlier run understood where it belongs: before, and between, what this run delivers.
///
/// What lies before the place where this run goes on is told at once; the rest comes in the order of the timeline, at
/// the latest before anything that follows the text.
package struct ResumedText: Sendable {
    /// Completed, in the order of the timeline, and not told yet.
    private var waiting: ArraySlice<Utterance>
    /// Never completed; this run may take them back.
    private let open: [Utterance]
    private let information: Information
    /// Where this run goes on.
    private let place: SamplePosition

    package init(_ memory: RecordingMemory) {
        self.waiting = memory.utterances.filter(\.isConfirmed)[...]
        self.open = memory.utterances.filter { !$0.isConfirmed }
        self.information = memory.information
        self.place = RecordingLedger(resuming: memory).hearing.replayStart ?? memory.coverage.total
    }

    /// What the outputs are to be told when this run tells `event`.
    package mutating func events(for event: RunEvent) -> [RunEvent] {
        switch event {
        case .recording: [event] + self.beginning()
        case .recognition(.transcript(.deliver(let utterance))):
            self.take { $0.span.start < utterance.span.start } + [event]
        case .summary, .delivery, .end: self.take { _ in true } + [event]
        case .recognition, .gap, .microphone, .level, .device, .paused, .resumed, .warning, .notice: [event]
        }
    }

    private mutating func beginning() -> [RunEvent] {
        let place = self.place
        let told = self.take { $0.span.end <= place }
        let information = self.information.isEmpty ? [] : [RunEvent.recognition(.information(self.information))]
        return told + information + self.open.map { .recognition(.transcript(.show($0))) }
    }

    private mutating func take(while isDue: (Utterance) -> Bool) -> [RunEvent] {
        let due = self.waiting.prefix(while: isDue)
        self.waiting = self.waiting.dropFirst(due.count)
        return due.flatMap { utterance -> [RunEvent] in
            [.recognition(.transcript(.complete(utterance))), .recognition(.transcript(.deliver(utterance)))]
        }
    }
}
