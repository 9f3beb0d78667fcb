import StenoCore

/// Events on their way to an output that may be slow. What is only true until something newer comes is replaced by it;
/// all else is kept in order, so that its length is bounded by what is said and what goes wrong.
package struct EventQueue: Sendable {
    package struct Batch: Sendable {
        package var events: [RunEvent]
        /// When the oldest interim text arrived, replaced ones included.
        package var interimSince: ContinuousClock.Instant?
    }

    /// What an event may be replaced by: one of the same slot.
    private enum Slot: Hashable {
        case interim(Utterance.ID)
        case progress, level, information, microphone
    }

    private var events: [RunEvent] = []
    private var places: [Slot: Int] = [:]
    private var interimSince: ContinuousClock.Instant?

    package init() {}

    package var isEmpty: Bool { self.events.isEmpty }
    package var count: Int { self.events.count }

    package mutating func append(_ event: RunEvent, at time: ContinuousClock.Instant) {
        if case .recognition(.transcript(.show)) = event, self.interimSince == nil { self.interimSince = time }
        guard let slot = Self.slot(of: event) else {
            self.closeSlots(before: event)
            self.events.append(event)
            return
        }
        if let place = self.places[slot] {
            self.events[place] = event
        } else {
            self.places[slot] = self.events.count
            self.events.append(event)
        }
    }

    /// All that waits. The queue is empty then.
    package mutating func take() -> Batch {
        defer { self = EventQueue() }
        return Batch(events: self.events, interimSince: self.interimSince)
    }

    private static func slot(of event: RunEvent) -> Slot? {
        switch event {
        case .recognition(.transcript(.show(let utterance))): .interim(utterance.id)
        // Of a text that was shown and taken back while nobody looked, only that it is gone matters.
        case .recognition(.transcript(.withdraw(let id))): .interim(id)
        case .recognition(.progress): .progress
        case .recognition(.information): .information
        case .level: .level
        // Trouble is never replaced by its end: the person is told of both.
        case .microphone(let report): report.alarm == .none ? .microphone : nil
        case .recognition, .recording, .summary, .delivery, .gap, .device, .paused, .resumed, .warning, .notice, .end:
            nil
        }
    }

    /// What comes later must not be put before `event`.
    private mutating func closeSlots(before event: RunEvent) {
        switch event {
        case .recognition(.transcript(.complete(let utterance))), .recognition(.transcript(.deliver(let utterance))):
            self.places[.interim(utterance.id)] = nil
        case .microphone: self.places[.microphone] = nil
        case .end: self.places = [:]
        case .recognition, .recording, .summary, .delivery, .gap, .level, .device, .paused, .resumed, .warning,
            .notice:
            break
        }
    }
}
