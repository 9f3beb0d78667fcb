import NIOCore
import Synchronization

/// The state of the ConnectVets stand-in: the notes, the requests of the last hour, and how often each thing was asked for.
final class ConnectVetsDesk: Sendable {
    /// Notes that are kept; the oldest is forgotten first.
    static let noteLimit = 10_000
    static let perMinute = 100
    static let perHour = 1_000

    /// What `@N` of a switch counts.
    enum Counter: Hashable, Sendable {
        case creates, lists, limited, errors, answers, requests, noteViews, sectionViews, states, retries, exports,
            writes,
            downloads
    }

    private struct State {
        var notes: [String: StoredNote] = [:]
        /// Ids in order of creation.
        var order: [String] = []
        var created = 0
        var counts: [Counter: Int] = [:]
        /// Times of the requests of the last hour, by key.
        var requests: [String: [NIODeadline]] = [:]
    }

    let faults: ConnectVetsFaults
    let series: UInt32
    private let clock: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    init(faults: ConnectVetsFaults, series: UInt32, clock: @escaping @Sendable () -> NIODeadline) {
        self.faults = faults
        self.series = series
        self.clock = clock
    }

    var now: NIODeadline { self.clock() }

    func count(_ counter: Counter) -> Int {
        self.state.withLock {
            $0.counts[counter, default: 0] += 1
            return $0.counts[counter, default: 1]
        }
    }

    // MARK: - Notes

    /// All notes in order of creation.
    var notes: [StoredNote] { self.state.withLock { state in state.order.compactMap { state.notes[$0] } } }

    func note(_ id: String) -> StoredNote? { self.state.withLock { $0.notes[id] } }

    /// Stores what `make` gives for a new id.
    func create(_ make: (_ id: String, _ number: Int) -> StoredNote) -> StoredNote {
        self.state.withLock {
            $0.created += 1
            let isOpaque = self.faults.idStyle.value(at: $0.created) == .opaque
            let id = isOpaque ? "nota:\($0.created);s=a" : Self.id(series: self.series, number: $0.created)
            let note = make(id, $0.created)
            $0.notes[note.id] = note
            $0.order.append(note.id)
            if $0.order.count > Self.noteLimit { $0.notes[$0.order.removeFirst()] = nil }
            return note
        }
    }

    func update(_ id: String, _ change: (inout StoredNote) -> Void) {
        self.state.withLock { state in
            guard var note = state.notes[id] else { return }
            change(&note)
            state.notes[id] = note
        }
    }

    /// A UUID of version 4 by its form, and nothing random.
    private static func id(series: UInt32, number: Int) -> String {
        "\(Self.hexadecimal(UInt64(series), 8))-5a0d-4b0c-8000-\(Self.hexadecimal(UInt64(number), 12))"
    }

    private static func hexadecimal(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    // MARK: - Limits

    /// What is left of a key's requests after this one; negative when it is one too many, and then it does not count.
    struct Allowance: Hashable {
        var minute: Int
        var hour: Int
        /// Seconds until the minute has room again.
        var secondsToReset: Int

        var isExceeded: Bool { self.minute < 0 || self.hour < 0 }
    }

    func use(key: String) -> Allowance {
        let now = self.now
        return self.state.withLock {
            var requests = ($0.requests[key] ?? []).drop { now - $0 >= .hours(1) }
            let lastMinute = requests.drop { now - $0 >= .minutes(1) }
            let oldest = lastMinute.first ?? now
            let allowance = Allowance(
                minute: Self.perMinute - lastMinute.count - 1,
                hour: Self.perHour - requests.count - 1,
                secondsToReset: Int((oldest + .minutes(1) - now).nanoseconds / 1_000_000_000)
            )
            if !allowance.isExceeded { requests.append(now) }
            $0.requests[key] = Array(requests)
            return allowance
        }
    }
}
