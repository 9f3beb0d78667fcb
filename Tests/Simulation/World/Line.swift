import StenoCore

/// What is in order under way: taken from the front, added at the back.
struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var first: Element? { self.head < self.elements.count ? self.elements[self.head] : nil }
    var last: Element? { self.head < self.elements.count ? self.elements.last : nil }
    var count: Int { self.elements.count - self.head }

    mutating func append(_ element: Element) { self.elements.append(element) }

    mutating func removeFirst() -> Element? {
        guard self.head < self.elements.count else { return nil }
        defer {
            self.head += 1
            if self.head == self.elements.count {
                self.elements.removeAll(keepingCapacity: true)
                self.head = 0
            }
        }
        return self.elements[self.head]
    }
}

/// One connection through a network that is slow, stands still, breaks, or swallows everything.
struct Line {
    enum Up {
        case audio(AudioSpan)
        case silence(Int64)
        case ping, requestSummary, subscribe, close

        var bytes: Int {
            switch self {
            case .audio(let span): Int(span.frames) * 2 + 8
            case .silence(let frames): Int(frames) * 2 + 8
            case .ping, .requestSummary, .subscribe, .close: 16
            }
        }
    }

    enum Down {
        case ready, pong, summary, information, oddity
        case transcript(TranscriptUpdate)
        case closed(UInt16?)
    }

    /// What becomes of the connection.
    enum Fate {
        case lasts
        case closes(UInt16?)
        case resets(afterBytes: Int)
        case blackHole
        case stopsReading(Duration)
    }

    static let farAway = Duration.seconds(1_000_000_000)
    /// What the socket and the system take before they say stop, and where they say go on.
    static let highWater = (256 + 64) << 10
    static let lowWater = (64 + 64) << 10

    let number: Int
    let life: Int
    var fate = Fate.lasts
    var isReady = false
    /// The socket is open at our end.
    var isOpen = false
    /// Nothing reaches us any more.
    var isDead = false
    var latency: Duration
    /// Bytes a second; `nil` is more than anybody needs.
    var rate: Int?
    var ear: Ear
    var up = Queue<(at: Duration, message: Up)>()
    var down = Queue<(at: Duration, message: Down)>()
    /// Bytes that the far side has not got yet.
    var unread = 0
    var isWritable = true
    var received = 0
    /// The last byte has left by then.
    private var leaves = Duration.zero
    /// Nothing gets to the service, or to us, before this.
    var blockedUp = Duration.zero
    var blockedDown = Duration.zero

    init(number: Int, life: Int, latency: Duration, ear: Ear) {
        self.number = number
        self.life = life
        self.latency = latency
        self.ear = ear
    }

    /// Returns when to look at the queue, if nobody looks yet.
    mutating func send(_ message: Up, at now: Duration) -> Duration? {
        self.unread += message.bytes
        let start = max(now, self.leaves)
        self.leaves = self.rate.map { start + .nanoseconds(Int64(message.bytes) * 1_000_000_000 / Int64($0)) } ?? start
        let at = max(self.leaves + self.latency, self.blockedUp)
        self.up.append((at, message))
        return self.up.count == 1 ? at : nil
    }

    /// Returns when to look at the queue, if nobody looks yet.
    mutating func tell(_ message: Down, at time: Duration) -> Duration? {
        let at = max(time + self.latency, self.down.last?.at ?? .zero, self.blockedDown)
        self.down.append((at, message))
        return self.down.count == 1 ? at : nil
    }
}
