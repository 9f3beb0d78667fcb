import Glibc

/// The program that runs worlds by the thousand: `scripts/simulate` calls it.
package enum SimulatorCommand {
    /// Seeds that one task runs, and after which progress is written down.
    private static let batch = UInt64(1_000)

    package static let usage = """
        usage: steno-simulate [--seeds N] [--from N] [--state FILE] [--jobs N] [--first] [--quiet]
                              [--seed N [--trace]]

          --seeds N     how many seeds to run (default: 10000)
          --from N      the first seed (default: 0)
          --state FILE  goes on where FILE says an earlier run ended, and writes there how far this one is
          --jobs N      how many seeds to run at once (default: 1)
          --seed N      runs this one alone
          --trace       with --seed: prints everything that happens
          --first       ends with the first broken promise
          --quiet       prints no tables
          -h, --help    this text
        """

    /// - Parameter makeStore: what recordings are kept in.
    package static func main(
        _ arguments: [String],
        makeStore: @escaping @Sendable (UInt64) -> any SimulatedStore = { _ in ModelStore() }
    ) async {
        guard let options = SimulatorOptions(arguments.dropFirst()) else {
            print(Self.usage)
            exit(arguments.contains("-h") || arguments.contains("--help") ? 0 : 64)
        }
        if let seed = options.seed {
            exit(Self.replay(seed, isTraced: options.isTraced, makeStore: makeStore))
        }
        exit(await Self.runAll(options, makeStore: makeStore))
    }

    private static func replay(
        _ seed: UInt64,
        isTraced: Bool,
        makeStore: @Sendable (UInt64) -> any SimulatedStore
    ) -> Int32 {
        var tally = SimulatorTally(next: seed)
        SimulatedSeed.run(seed, makeStore: makeStore) { simulation in
            if isTraced { simulation.trace = { print($0) } }
        } then: { simulation in
            tally.add(simulation)
            for violation in simulation.violations { print(violation) }
        }
        print("seed \(seed): \(tally.steps) steps, \(tally.events) events, \(tally.failures.count) broken")
        return tally.failures.isEmpty ? 0 : 1
    }

    private static func runAll(
        _ options: SimulatorOptions,
        makeStore: @escaping @Sendable (UInt64) -> any SimulatedStore
    ) async -> Int32 {
        var tally = options.state.flatMap(SimulatorTally.init(file:)) ?? SimulatorTally(next: options.from)
        let end = options.from + options.seeds
        let clock = ContinuousClock()
        let began = clock.now
        let first = tally.next
        while tally.next < end, tally.failures.count < options.limit {
            let starts = (0..<UInt64(options.jobs)).map { tally.next + $0 * Self.batch }.filter { $0 < end }
            let results = await withTaskGroup(of: SimulatorTally.self) { group in
                for start in starts {
                    group.addTask { Self.run(start..<min(end, start + Self.batch), options.limit, makeStore) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for result in results { tally.add(result) }
            tally.next = min(end, tally.next + UInt64(options.jobs) * Self.batch)
            if let state = options.state { tally.write(to: state) }
            if !options.isQuiet, tally.next % 50_000 < UInt64(options.jobs) * Self.batch {
                print("\(tally.next) seeds, \(tally.failures.count) failures")
                fflush(nil)
            }
        }
        let passed = clock.now - began
        let seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
        tally.print(rate: Double(tally.next - first) / max(seconds, 0.001), tables: !options.isQuiet)
        return tally.failures.isEmpty ? 0 : 1
    }

    private static func run(
        _ seeds: Range<UInt64>,
        _ limit: Int,
        _ makeStore: @Sendable (UInt64) -> any SimulatedStore
    ) -> SimulatorTally {
        var tally = SimulatorTally(next: seeds.lowerBound)
        for seed in seeds where tally.failures.count < limit {
            tally.seeds += 1
            var events = 0
            SimulatedSeed.run(seed, makeStore: makeStore) { _ in
            } then: { simulation in
                tally.add(simulation)
                events += simulation.events
            }
            tally.note(events)
        }
        return tally
    }
}

/// What the program is asked to do.
struct SimulatorOptions {
    var seeds: UInt64 = 10_000
    var from: UInt64 = 0
    var state: String?
    var jobs = 1
    var seed: UInt64?
    var isTraced = false
    var isQuiet = false
    /// Broken promises after which it ends.
    var limit = 20

    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let option = rest.popFirst() {
            switch option {
            case "--trace": self.isTraced = true
            case "--quiet": self.isQuiet = true
            case "--first": self.limit = 1
            case "--seeds", "--from", "--jobs", "--seed":
                guard let value = rest.popFirst().flatMap(UInt64.init), value < 1 << 48 else { return nil }
                switch option {
                case "--seeds": self.seeds = value
                case "--from": self.from = value
                case "--jobs": self.jobs = Int(min(max(value, 1), 64))
                default: self.seed = value
                }
            case "--state":
                guard let value = rest.popFirst() else { return nil }
                self.state = value
            default: return nil
            }
        }
    }
}
