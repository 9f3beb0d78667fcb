import ArgumentParser
import Steno
import StenoALSA

/// `steno devices`: what can be recorded from.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List the microphones of this machine.",
        usage: "steno devices [<options>]",
        discussion: """
            Tells the name of each device, what it is and what it delivers. Its stable id finds the same device again \
            wherever it is plugged in. A pipe gets one line for each, with tabs between name, stable id, description \
            and what it delivers. Needs no account and no network.
            """
    )

    @Flag(help: "Print one JSON object with all devices.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Program.run(self.common) { program in
            let devices = CaptureDevices.all()
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
