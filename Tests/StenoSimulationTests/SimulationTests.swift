import StenoSimulation
import Testing

/// The promises of the recording, in worlds that only a seed decides. `scripts/simulate` runs many more of them.
@Suite("Simulation")
struct SimulationTests {
    @Test("No promise is broken in any of so many worlds")
    func keepsPromises() {
        for seed in UInt64(0)..<500 {
            SimulatedSeed.run(seed) { simulation in
                #expect(simulation.violations.isEmpty, "\(simulation.violations.map(\.description))")
            }
        }
    }
}
