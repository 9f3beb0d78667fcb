import StenoSimulation
import StenoSimulationStore

await SimulatorCommand.main(CommandLine.arguments) { _ in SQLiteStore() }
