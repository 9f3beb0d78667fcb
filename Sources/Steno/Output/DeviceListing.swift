package import StenoALSA
import StenoCore
import StenoWire

/// The capture devices of this machine, for a person, for a pipe, and for a program.
package struct DeviceListing: Sendable {
    private let devices: [CaptureDevice]

    package init(_ devices: [CaptureDevice]) {
        self.devices = devices
    }

    /// A few short lines for each device, so that a narrow terminal shows it too.
    package var text: String {
        self.devices.map { device in
            let mark = device.isDefault ? " (used when no device is named)" : ""
            var lines = [
                "\(Self.safe(device.name))\(mark)",
                "    \(Self.safe(device.description))",
                "    \(Self.abilities(of: device))",
            ]
            if device.id != device.name { lines.append("    stable id: \(Self.safe(device.id))") }
            return lines.map { $0 + "\n" }.joined()
        }.joined()
    }

    /// One line for each device, its fields separated by tabs: name, stable id, description, what it delivers.
    package var table: String {
        self.devices.map { device in
            [device.name, device.id, device.description, Self.abilities(of: device)].map(Self.safe)
                .joined(separator: "\t") + "\n"
        }.joined()
    }

    /// One object on one line. The names are interface: fields are added, never renamed.
    package var json: String {
        let list = self.devices.map { device in
            JSONValue.object([
                Self.member("name", device.name),
                Self.member("id", device.id),
                JSONMember(name: "card", value: device.card.map { .string(Self.safe($0)) } ?? .null),
                Self.member("description", device.description),
                JSONMember(name: "formats", value: .array(device.abilities.formats.map { .string(Self.safe($0)) })),
                JSONMember(name: "rates", value: .array(device.abilities.rates.map { .integer(Int64($0)) })),
                JSONMember(name: "channels", value: .array(device.abilities.channels.map { .integer(Int64($0)) })),
                JSONMember(name: "busy", value: .bool(device.trouble == .busy)),
                JSONMember(name: "trouble", value: device.trouble.map { .string($0.rawValue) } ?? .null),
                JSONMember(name: "default", value: .bool(device.isDefault)),
            ])
        }
        return JSONValue.object([JSONMember(name: "devices", value: .array(list))]).serialized() + "\n"
    }

    /// What it delivers in words, or why that is not known.
    private static func abilities(of device: CaptureDevice) -> String {
        if let trouble = device.trouble { return trouble.words }
        let abilities = device.abilities
        let rates =
            switch (abilities.rates.first, abilities.rates.last) {
            case (let lowest?, let highest?): lowest == highest ? "\(lowest) Hz" : "\(lowest) to \(highest) Hz"
            case (_, _): "a rate that is not in common use"
            }
        let channels =
            switch (abilities.channels.first, abilities.channels.last) {
            case (let least?, let most?) where least == most: most == 1 ? "1 channel" : "\(most) channels"
            case (let least?, let most?): "\(least) to \(most) channels"
            case (_, _): "no known number of channels"
            }
        let formats = abilities.formats.isEmpty ? "no known format" : abilities.formats.joined(separator: " ")
        return "\(rates), \(channels), \(formats)"
    }

    /// Names come from devices and configurations, which may be anybody's.
    private static func safe(_ text: String) -> String { TerminalText.neutralised(text) }

    private static func member(_ name: String, _ text: String) -> JSONMember {
        JSONMember(name: name, value: .string(Self.safe(text)))
    }
}

extension DeviceTrouble {
    /// What is the case and what to do, for a list.
    fileprivate var words: String {
        switch self {
        case .absent: "gone"
        case .busy: "busy: another program records from it"
        case .notPermitted: "no permission: join the group 'audio' ('sudo usermod -aG audio $USER'), then log in again"
        case .stuck: "gives no data: unplug it and plug it in again"
        case .serverGone: "its sound server does not answer"
        case .unusable: "delivers nothing that can be read"
        case .failing: "cannot be asked: unplug it and plug it in again"
        }
    }
}
