import Glibc

/// What came of so many seeds: can be added up, written down and read again.
struct SimulatorTally: Sendable {
    /// The first seed that was not run yet.
    var next: UInt64
    var seeds = 0
    private(set) var events = 0
    private(set) var leastEvents = Int.max
    private(set) var mostEvents = 0
    private(set) var steps = 0
    private(set) var lives = 0
    private(set) var failures: [String] = []
    private var reached = Reached()

    init(next: UInt64) {
        self.next = next
    }

    mutating func add(_ simulation: Simulation) {
        self.events += simulation.events
        self.steps += simulation.steps
        self.lives += simulation.processes
        self.failures += simulation.violations.prefix(1).map(\.description)
        self.reached.add(simulation.reached)
    }

    /// A seed had so many events.
    mutating func note(_ events: Int) {
        self.leastEvents = min(self.leastEvents, events)
        self.mostEvents = max(self.mostEvents, events)
    }

    mutating func add(_ other: SimulatorTally) {
        self.seeds += other.seeds
        self.events += other.events
        self.leastEvents = min(self.leastEvents, other.leastEvents)
        self.mostEvents = max(self.mostEvents, other.mostEvents)
        self.steps += other.steps
        self.lives += other.lives
        self.failures += other.failures
        self.reached.add(other.reached)
    }

    func print(rate: Double, tables: Bool) {
        if tables { Swift.print(self.reached.tables) }
        for failure in self.failures { Swift.print(failure) }
        let mean = self.seeds > 0 ? self.events / self.seeds : 0
        Swift.print(
            "\(self.seeds) seeds, \(self.events) events (\(self.leastEvents) to \(self.mostEvents) in a seed, mean \(mean)), "
                + "\(self.steps) steps, \(self.lives) processes, \(self.failures.count) failures, \(Int(rate)) seeds/s"
        )
    }

    // MARK: Written down

    /// `nil` when there is no such file, or it says nothing of use.
    init?(file: String) {
        guard let stream = fopen(file, "r") else { return nil }
        defer { fclose(stream) }
        self.init(next: 0)
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        var isWhole = false
        while getline(&line, &room, stream) > 0, let text = line.map({ String(cString: $0) }) {
            let words = text.split(whereSeparator: \.isWhitespace)
            let numbers = words.dropFirst().compactMap { Int($0) }
            switch words.first {
            case "failure": self.failures.append(text.dropFirst(8).split(separator: "\n").joined())
            case "reached": self.reached.numbers = numbers
            case "run" where numbers.count == 7:
                self.next = UInt64(max(0, numbers[0]))
                (self.seeds, self.events, self.leastEvents) = (numbers[1], numbers[2], numbers[3])
                (self.mostEvents, self.steps, self.lives) = (numbers[4], numbers[5], numbers[6])
            case "end": isWhole = true
            default: break
            }
        }
        guard isWhole else { return nil }
    }

    func write(to file: String) {
        guard let stream = fopen(file + ".new", "w") else { return }
        let run = [
            Int(self.next), self.seeds, self.events, self.leastEvents, self.mostEvents, self.steps, self.lives,
        ]
        var lines = ["run " + run.map(String.init).joined(separator: " ")]
        lines.append("reached " + self.reached.numbers.map(String.init).joined(separator: " "))
        lines += self.failures.map { "failure \($0)" }
        lines.append("end")
        fputs(lines.joined(separator: "\n") + "\n", stream)
        fclose(stream)
        rename(file + ".new", file)
    }
}
