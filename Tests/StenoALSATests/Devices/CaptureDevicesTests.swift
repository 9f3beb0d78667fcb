import StenoTesting
import Testing

@testable import StenoALSA

@Suite("Capture devices")
struct CaptureDevicesTests {
    private let tree = SysfsFixture()

    private var cards: [SoundCard] {
        SoundCards.closed(sysfs: Sysfs(root: self.tree.root)).map { card in
            var card = card
            card.isOpen = true
            return card
        }
    }

    @Test("A card that comes back with another number is found, and no other is taken for it")
    func foundAgain() {
        let id = "usb-0b0e:0412-77A"
        let before = SysfsFixture()
        before.plugUSB(1, id: "S510", serial: "77A")
        #expect(CaptureDevices.find(id, in: SoundCards.closed(sysfs: Sysfs(root: before.root))) == "hw:1,0")

        self.tree.plugUSB(1, id: "S510", serial: "88B", port: "1-1")
        #expect(CaptureDevices.find(id, in: self.cards) == nil)
        self.tree.plugUSB(5, id: "S510_1", serial: "77A", port: "1-4")
        #expect(CaptureDevices.find(id, in: self.cards) == "hw:CARD=S510_1,DEV=0")
        #expect(CaptureDevices.find("usb-0b0e:0412-port-1-4", in: self.cards) == "hw:CARD=S510_1,DEV=0")
    }

    @Test("Two units with one serial number are listed by their sockets, and the number alone finds neither")
    func twins() {
        self.tree.plugUSB(1, id: "Mic", serial: "12", port: "1-1")
        self.tree.plugUSB(2, id: "Mic_1", serial: "12", port: "1-2")
        #expect(
            CaptureDevices.hardware(self.cards).map(\.id)
                == ["usb-0b0e:0412-port-1-1", "usb-0b0e:0412-port-1-2"]
        )
        #expect(CaptureDevices.find("usb-0b0e:0412-12", in: self.cards) == nil)
        #expect(CaptureDevices.find("usb-0b0e:0412-port-1-2", in: self.cards) == "hw:CARD=Mic_1,DEV=0")
    }

    @Test("Every id that is listed finds its device")
    func roundTrip() {
        self.tree.plugUSB(1, id: "S510", serial: "77A")
        self.tree.plugUSB(2, id: "Device", model: "0d8c:0014", port: "1-3", interface: "02")
        self.tree.addCard(0, id: "PCH", device: "devices/pci0000:00/0000:00:1f.3", inputs: [0, 2])
        let devices = CaptureDevices.hardware(self.cards)
        #expect(devices.count == 4)
        for device in devices {
            #expect(CaptureDevices.isStableID(device.id))
            #expect(CaptureDevices.find(device.id, in: self.cards) == device.name)
        }
    }

    @Test("A name that is no stable id is left as it is, and the id of an absent device gives nothing")
    func resolve() {
        for name in ["default", "hw:1,0", "plughw:CARD=S510", "mic48", "", "usb"] {
            #expect(CaptureDevices.resolve(name, sysfs: self.tree.root) == name)
        }
        #expect(CaptureDevices.resolve("usb-0b0e:0412-77A", sysfs: self.tree.root) == nil)
        #expect(CaptureDevices.resolve("card-", sysfs: self.tree.root) == nil)
    }

    @Test(
        "What is only a part, an output or another way to a card is not shown",
        arguments: [
            ("null", nil), ("upmix", nil), ("lavrate_best", "Input"), ("hdmi:CARD=PCH,DEV=0", "Output"),
            ("front:CARD=S510,DEV=0", nil), ("pulse", "Output"), ("", nil),
        ]
    )
    func hidden(name: String, direction: String?) {
        #expect(!NamedPCM.isWorthShowing(name, direction: direction))
    }

    @Test(
        "What is a source of sound of its own is shown",
        arguments: [
            ("default", nil), ("pulse", "Input"), ("pipewire", nil), ("mic48", nil),
        ]
    )
    func shown(name: String, direction: String?) {
        #expect(NamedPCM.isWorthShowing(name, direction: direction))
        #expect(NamedPCM.oneLine("Jabra\nSPEAK\r\n510") == "Jabra, SPEAK, 510")
    }

    @Test("A machine without a sound card lists nothing that cannot be used")
    func anyMachine() {
        for device in CaptureDevices.all(log: { _ in }) {
            #expect(device.trouble != nil || !device.abilities.formats.isEmpty)
            #expect(CaptureDevices.resolve(device.id) == device.name || device.card == nil)
        }
    }
}
