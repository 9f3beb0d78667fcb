import StenoSimulation
import StenoSimulationStore

await SimulatorCommand.main(CommandLine.arguments) { SQLiteStore(seed: $0) }
