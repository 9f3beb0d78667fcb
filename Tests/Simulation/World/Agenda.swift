import StenoCore

/// Something that is going to happen to the simulated world. Small and trivial, so that keeping thousands in order is
/// cheap: what a message says lies in the queue of its line.
enum Happening {
    /// The capture thread of this life wakes up.
    case captureWoke(life: Int, turn: Int)
    /// The doorbell of the source reaches the session.
    case sourceRang(life: Int)
    case pumpWoke(life: Int, turn: Int)
    case timerFired(life: Int, SessionStateMachine.TimerToken)
    /// The request for a session is answered.
    case ticketAnswered(life: Int)
    /// The request for a session of a second connection is answered.
    case standbyAnswered(life: Int, number: Int)
    /// The attempt to open this line is over.
    case dialled(line: Int)
    /// The first message under way to the service is there.
    case arrivedAtService(line: Int)
    /// The first message under way to us is there.
    case arrivedHere(line: Int)
    /// What the service has in mind with this line happens.
    case fateStruck(line: Int)
    /// The far side did not answer our close.
    case closeTimedOut(line: Int)
    /// The recorder's commit is on the disk.
    case committed(life: Int)
    case diskChanged
    case cardFault
    case personStops
    case personGivesUp(life: Int)
    case processDies
    /// It is stopped, or the machine has other things to do.
    case processPauses(Duration)
    /// From here on everybody behaves.
    case healed
    case restarted
    /// A process that is done is followed by one that delivers the rest.
    case handedOver
}

extension Happening {
    /// It happens in our process, and waits while that gets no time.
    var isOurs: Bool {
        switch self {
        case .captureWoke, .sourceRang, .pumpWoke, .timerFired, .ticketAnswered, .standbyAnswered, .dialled,
            .arrivedHere,
            .closeTimedOut, .committed, .personStops, .personGivesUp, .handedOver:
            true
        case .arrivedAtService, .fateStruck, .diskChanged, .cardFault, .processDies,
            .processPauses, .healed, .restarted:
            false
        }
    }
}

/// What will happen, in the order of time; what is due at the same time, in the order in which it was planned.
struct Agenda {
    private struct Entry {
        var at: Duration
        var order: Int
        var what: Happening

        func isBefore(_ other: Entry) -> Bool {
            self.at == other.at ? self.order < other.order : self.at < other.at
        }
    }

    private var heap: [Entry] = []
    private var planned = 0

    init() { self.heap.reserveCapacity(64) }

    var count: Int { self.heap.count }

    mutating func plan(_ what: Happening, at time: Duration) {
        self.planned += 1
        self.heap.append(Entry(at: time, order: self.planned, what: what))
        var child = self.heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.heap[child].isBefore(self.heap[parent]) else { break }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (at: Duration, what: Happening)? {
        guard let first = self.heap.first else { return nil }
        let last = self.heap.removeLast()
        guard !self.heap.isEmpty else { return (first.at, first.what) }
        self.heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2)
            where child < self.heap.count && self.heap[child].isBefore(self.heap[least]) { least = child }
            guard least != parent else { break }
            self.heap.swapAt(parent, least)
            parent = least
        }
        return (first.at, first.what)
    }
}
