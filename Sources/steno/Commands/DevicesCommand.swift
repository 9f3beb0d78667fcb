import ArgumentParser
import Logging
import Steno
import StenoALSA

/// `steno devices`: what can be recorded from.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List the microphones of this machine.",
        usage: """
            steno devices [--json] [<options>]
            steno devices --test <name> [<options>]
            """,
        discussion: """
            Tells the name of each device, what it is and what it delivers. Its stable id finds the same device again \
            wherever it is plugged in. A pipe gets one line for each, with tabs between name, stable id, description \
            and what it delivers. Needs no account and no network.

            A test ends with 65 when there is no sound in what the device delivers, 66 when it is not there, and 77 \
            when it is busy or may not be used.
            """
    )

    @Flag(help: "Print one JSON object with all devices.")
    var json = false

    @Option(
        help: ArgumentHelp("Hear this device for 5 s: show its level, and say what it is worth.", valueName: "name")
    )
    var test: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard self.json, self.test != nil else { return }
        throw ValidationError("--json lists devices and --test hears one. Give one of the two.")
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            if let name = self.test { return try await DeviceTest(name, program).run() }
            let devices = CaptureDevices.all { program.logger.debug("\($0)") }
            let listing = DeviceListing(devices)
            let text = Terminal.isTerminal(1) ? listing.text : listing.table
            try program.write(self.json ? listing.json : text)
            if devices.isEmpty {
                program.say("No capture device was found. Plug in a microphone; 'steno doctor' tells what is missing.")
            }
            return .success
        }
    }
}
