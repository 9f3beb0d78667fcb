import Foundation
import Steno
import StenoALSA
import StenoCore
import Testing

@Suite("Device listing")
struct DeviceListingTests {
    private let devices = [
        CaptureDevice(
            name: "default",
            id: "default",
            description: "what the system is set to",
            abilities: PCMAbilities(formats: ["S16_LE", "S32_LE"], rates: [8_000, 16_000, 48_000], channels: [1, 2]),
            isDefault: true
        ),
        CaptureDevice(
            name: "hw:CARD=S510,DEV=0",
            id: "usb-0b0e:0412-77A",
            card: "S510",
            description: "Jabra SPEAK 510 USB",
            abilities: PCMAbilities(formats: ["S16_LE"], rates: [16_000], channels: [1])
        ),
        CaptureDevice(
            name: "hw:CARD=PCH,DEV=0",
            id: "path-0000:00:1f.3",
            card: "PCH",
            description: "HDA Intel PCH, ALC257 Analog, built in",
            trouble: .busy
        ),
    ]

    @Test("A person reads what each device is, what it delivers, and the name that stays")
    func text() {
        #expect(
            DeviceListing(self.devices).text == """
                default (used when no device is named)
                    what the system is set to
                    8000 to 48000 Hz, 1 to 2 channels, S16_LE S32_LE
                hw:CARD=S510,DEV=0
                    Jabra SPEAK 510 USB
                    16000 Hz, 1 channel, S16_LE
                    stable id: usb-0b0e:0412-77A
                hw:CARD=PCH,DEV=0
                    HDA Intel PCH, ALC257 Analog, built in
                    busy: another program records from it
                    stable id: path-0000:00:1f.3

                """
        )
    }

    @Test("A pipe gets one line for each device, with the name first and tabs between")
    func table() {
        let lines = DeviceListing(self.devices).table.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1] == "hw:CARD=S510,DEV=0\tusb-0b0e:0412-77A\tJabra SPEAK 510 USB\t16000 Hz, 1 channel, S16_LE")
    }

    @Test("A program gets one object with all fields of every device")
    func json() throws {
        let text = DeviceListing(self.devices).json
        #expect(text.split(separator: "\n").count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let list = try #require(object?["devices"] as? [[String: Any]])
        for device in list {
            #expect(
                Set(device.keys) == [
                    "name", "id", "card", "description", "formats", "rates", "channels", "busy", "trouble", "default",
                ]
            )
        }
        #expect(list.map { $0["default"] as? Bool } == [true, false, false])
        #expect(list.map { $0["busy"] as? Bool } == [false, false, true])
        #expect(list[0]["card"] is NSNull)
        #expect(list[0]["rates"] as? [Int] == [8_000, 16_000, 48_000])
        #expect(list[2]["trouble"] as? String == "busy")
    }

    @Test("No device is an empty list in every form")
    func empty() {
        let listing = DeviceListing([])
        #expect(listing.text.isEmpty && listing.table.isEmpty)
        #expect(listing.json == "{\"devices\":[]}\n")
    }

    @Test("A device whose name is an attack on the terminal is shown and does nothing")
    func hostile() {
        let listing = DeviceListing([
            CaptureDevice(name: "a\u{1B}[2J\tb\n", id: "\u{202E}x", card: "\u{7}", description: "\u{9B}31m\r\n!")
        ])
        for text in [listing.text, listing.table, listing.json] {
            let allowed = CharacterSet.controlCharacters.subtracting(.init(charactersIn: "\n\t"))
            #expect(text.unicodeScalars.allSatisfy { !allowed.contains($0) && $0 != "\u{202E}" })
        }
        #expect(listing.table.split(separator: "\n").count == 1)
        #expect(listing.table.filter { $0 == "\t" }.count == 3)
    }

    @Test("Every trouble has words", arguments: DeviceTrouble.allCases)
    func trouble(_ trouble: DeviceTrouble) {
        let device = CaptureDevice(name: "x", id: "x", description: "X", trouble: trouble)
        #expect(DeviceListing([device]).table.split(separator: "\t").last?.isEmpty == false)
    }
}
