import StenoTesting
import Testing

@testable import StenoALSA

@Suite("Sound card")
struct SoundCardTests {
    private let tree = SysfsFixture()

    private func card(
        _ number: Int = 1,
        id: String = "S510",
        name: String = "Jabra SPEAK 510 USB",
        inputs: [SoundCard.Input] = [.init(number: 0, name: "USB Audio")],
        isOpen: Bool = true
    ) -> SoundCard {
        SoundCard(
            number: number,
            id: id,
            name: name,
            inputs: inputs,
            identity: CardIdentity(card: number, name: id, sysfs: Sysfs(root: self.tree.root)),
            isOpen: isOpen
        )
    }

    @Test("It is described as a person knows it, saying nothing twice")
    func description() {
        self.tree.plugUSB(1, id: "S510")
        self.tree.addCard(0, id: "PCH", device: "devices/pci0000:00/0000:00:1f.3")
        let usb = self.card()
        #expect(usb.description(of: usb.inputs[0]) == "Jabra SPEAK 510 USB")
        let other = self.card(name: "Samson Q2U")
        #expect(other.description(of: other.inputs[0]) == "Samson Q2U, USB")
        let builtIn = self.card(0, name: "HDA Intel PCH", inputs: [.init(number: 0, name: "ALC257 Analog")])
        #expect(builtIn.description(of: builtIn.inputs[0]) == "HDA Intel PCH, ALC257 Analog, built in")
        let loop = self.card(7, id: "Loopback", name: "Loopback", inputs: [.init(number: 1, name: "Loopback PCM")])
        #expect(loop.description(of: loop.inputs[0]) == "Loopback, Loopback PCM")
        let nameless = self.card(8, id: "Dev", name: "", inputs: [.init(number: 0, name: "")])
        #expect(nameless.description(of: nameless.inputs[0]) == "Dev")
    }

    @Test("A further input of a card has a name and an id of its own")
    func inputs() {
        self.tree.plugUSB(1, id: "S510", serial: "77A")
        let card = self.card(inputs: [.init(number: 0, name: ""), .init(number: 2, name: "")])
        #expect(card.inputs.map(card.pcmName) == ["hw:CARD=S510,DEV=0", "hw:CARD=S510,DEV=2"])
        #expect(card.inputs.map { card.stableID(of: $0) } == ["usb-0b0e:0412-77A", "usb-0b0e:0412-77A-dev2"])
    }

    @Test("Cards that may not be opened are known from the kernel, and are called by number so that the reason shows")
    func closed() {
        self.tree.plugUSB(1, id: "S510", serial: "77A")
        self.tree.addCard(0, id: "PCH", device: "devices/pci0000:00/0000:00:1f.3", inputs: [2, 0])
        self.tree.addCard(3, id: "HDMI", device: "devices/pci0000:00/0000:01:00.1", inputs: [])
        for name in ["pcmC", "pcmC99999D0c", "pcmC-1D0c", "pcmCxD0c", "midiC1D0", "timer"] {
            self.tree.write("class/sound/\(name)", "")
        }
        let cards = SoundCards.closed(sysfs: Sysfs(root: self.tree.root))
        #expect(cards.map(\.number) == [0, 1])
        #expect(cards.map(\.id) == ["PCH", "S510"])
        #expect(cards[0].inputs.map(\.number) == [0, 2])
        #expect(cards[1].name == "Jabra SPEAK 510 USB")
        #expect(cards[1].pcmName(of: cards[1].inputs[0]) == "hw:1,0")
        #expect(cards[1].identity.id == "usb-0b0e:0412-77A")
    }
}
