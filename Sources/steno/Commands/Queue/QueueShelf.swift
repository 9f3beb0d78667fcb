import Steno
import StenoStore

/// One hand-off, with the recording it is of.
struct QueueEntry {
    let place: RecordingPlace
    let delivery: RecordingDelivery
}

/// The hand-offs of all recordings a person may mean.
struct QueueShelf {
    private let shelves: RecordingShelves

    init(_ shelves: RecordingShelves) {
        self.shelves = shelves
    }

    /// Oldest first. What waits is found without opening the recordings that wait for nothing.
    ///
    /// - Parameter openOnly: leaves out what is done, skipped or dropped.
    func entries(openOnly: Bool) -> (entries: [QueueEntry], unreadable: [StoreError]) {
        var entries: [QueueEntry] = []
        var unreadable: [StoreError] = []
        for place in self.shelves.places() where !openOnly || place.isMarkedWaiting {
            do throws(StoreError) {
                for delivery in try DeliveryBook(place).summaries() where !openOnly || delivery.isOpen {
                    entries.append(QueueEntry(place: place, delivery: delivery))
                }
            } catch {
                unreadable.append(error)
            }
        }
        entries.sort { ($0.delivery.begun, $0.delivery.id) < ($1.delivery.begun, $1.delivery.id) }
        return (entries, unreadable)
    }

    /// All of one recording, or the one hand-off that is meant.
    ///
    /// - Throws: what was given means nothing, or more than one thing.
    func entries(named text: String) throws -> [QueueEntry] {
        do throws(StoreError) {
            let place = try self.shelves.place(text)
            return try DeliveryBook(place).summaries().map { QueueEntry(place: place, delivery: $0) }
        } catch {
            guard error.code == .unknown else { throw error }
        }
        let wanted = text.lowercased()
        guard wanted.count >= Self.shortest else { throw Self.unknown(text) }
        let found = self.entries(openOnly: false).entries.filter { $0.delivery.id.lowercased().hasPrefix(wanted) }
        guard let first = found.first else { throw Self.unknown(text) }
        guard found.count == 1 else {
            throw Failure(.usage, "'\(text)' begins the ids of \(found.count) hand-offs. Give more of the one meant.")
        }
        return [first]
    }

    /// Of the beginning of a hand-off's id, so that a slip of the finger means nothing.
    private static let shortest = 4

    private static func unknown(_ text: String) -> Failure {
        Failure(
            .noInput,
            "Neither a recording nor a hand-off has the id '\(TerminalText.neutralised(text))'. "
                + "'steno queue list --all' tells what there is."
        )
    }
}
