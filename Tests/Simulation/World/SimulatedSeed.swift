import StenoCore

/// A seed is one recording, or a few where they are short.
package enum SimulatedSeed {
    /// A seed with fewer events shows little.
    package static let leastEvents = 200
    private static let mostRecordings = 8

    /// - Parameters:
    ///   - prepare: called with each world before it runs.
    ///   - body: called with each world when it came to rest.
    package static func run(
        _ seed: UInt64,
        makeStore: (UInt64) -> any SimulatedStore = { _ in ModelStore() },
        prepare: (Simulation) -> Void = { _ in },
        then body: (Simulation) -> Void
    ) {
        var events = 0
        for number in 0..<Self.mostRecordings where events < Self.leastEvents {
            let recording = number == 0 ? seed : SplitMix64.mix(seed &+ UInt64(number) << 48)
            let simulation = Simulation(seed: recording, named: seed, store: makeStore(recording))
            prepare(simulation)
            simulation.run()
            body(simulation)
            events += simulation.events
            guard simulation.violations.isEmpty else { return }
        }
    }
}
