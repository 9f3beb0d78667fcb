import StenoSimulation

await SimulatorCommand.main(CommandLine.arguments)
