import StenoSimulation
import StenoSimulationStore
import Testing

/// Worlds that only a seed decides, with the real store. `scripts/simulate --sqlite` runs many more of them.
@Suite("Simulated recordings in SQLite files")
struct SimulatedRecordingTests {
    @Test("No promise is broken in any of so many worlds, whatever the wall clock says")
    func keepsPromises() {
        for seed in UInt64(0)..<12 {
            SimulatedSeed.run(seed, makeStore: SQLiteStore.init(seed:)) { simulation in
                #expect(simulation.violations.isEmpty, "\(simulation.violations.map(\.description))")
            }
        }
    }
}
