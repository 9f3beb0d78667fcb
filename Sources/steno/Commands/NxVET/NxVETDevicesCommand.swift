import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet devices`.
struct NxVETDevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List the devices of the organisation.",
        usage: "steno nxvet devices [<options>]",
        discussion: "A device's id is what the other commands take. At most 200 are listed."
    )

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let devices = try await session.client.devices()
            if devices.isEmpty { session.say("The organisation has no devices.") }
            if devices.count >= NxVETClient.deviceLimit {
                session.say("There may be more than these \(devices.count) devices.", .warning)
            }
            try session.write(Self.listing(devices))
            return .success
        }
    }

    static func listing(_ devices: [NxVETDevice]) -> Listing {
        Listing(
            [
                Listing.Column("value", "ID", isWhole: true), Listing.Column("displayName", "NAME"),
                Listing.Column("serial", "SERIAL", isWhole: true), Listing.Column("lastReportTime", "LAST REPORT"),
                Listing.Column("firmwareVersion", "FIRMWARE"),
            ],
            rows: devices.map { device in
                let report = JSONValue.text(device.lastReport?.description)
                return Listing.Row(
                    [
                        .string(device.id), .string(device.name), .text(device.serial), report,
                        .text(device.firmware),
                    ],
                    members: [
                        ("value", .string(device.id)), ("displayName", .string(device.name)),
                        ("serial", .text(device.serial)), ("lastReportTime", report),
                        ("firmwareVersion", .text(device.firmware)),
                    ]
                )
            }
        )
    }
}
