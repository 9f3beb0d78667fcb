import Glibc
import StenoTesting
import Testing

@testable import StenoALSA

@Suite("Card identity")
struct CardIdentityTests {
    private let tree = SysfsFixture()

    private func identity(_ card: Int, name: String = "X") -> CardIdentity {
        CardIdentity(card: card, name: name, sysfs: Sysfs(root: self.tree.root))
    }

    @Test("A USB card with a serial number is known by it in every socket and under every number")
    func serial() {
        self.tree.plugUSB(1, id: "S510", serial: "50C971FEE8A1", port: "1-2")
        self.tree.plugUSB(4, id: "S510_1", serial: "50C971FEE8A1", port: "2-1.4")
        #expect(self.identity(1).id == "usb-0b0e:0412-50C971FEE8A1")
        #expect(self.identity(4).id == self.identity(1).id)
        #expect(self.identity(1).idByPort == "usb-0b0e:0412-port-1-2")
        #expect(self.identity(4).idByPort == "usb-0b0e:0412-port-2-1.4")
        #expect(self.identity(1).bus == .usb)
    }

    @Test(
        "Without a serial number that tells anything, the socket stands for it",
        arguments: [nil, "0", "00000000", " "]
    )
    func port(serial: String?) {
        self.tree.plugUSB(1, id: "Device", model: "0d8c:0014", serial: serial, port: "1-3")
        #expect(self.identity(1).id == "usb-0d8c:0014-port-1-3")
        #expect(self.identity(1).idByPort == nil)
    }

    @Test("The sound of a camera is another interface of the same device, and says so")
    func interface() {
        self.tree.plugUSB(2, id: "C920", model: "046d:082d", serial: "A1B2C3", interface: "02")
        #expect(self.identity(2).id == "usb-046d:082d-A1B2C3-if02")
    }

    @Test("What is built in is known by its place, and what has no place by its name")
    func place() {
        self.tree.addCard(0, id: "PCH", device: "devices/pci0000:00/0000:00:1f.3")
        self.tree.addCard(3, id: "Loopback", device: "devices/platform/snd_aloop.0")
        #expect(self.identity(0).id == "path-0000:00:1f.3")
        #expect(self.identity(0).bus == .builtIn)
        #expect(self.identity(3).id == "path-snd_aloop.0")
        #expect(self.identity(3).bus == .unknown)
        #expect(self.identity(9, name: "Odd name").id == "card-Odd_name")
    }

    @Test("A serial number from a hostile device can neither break a line nor a shell, nor grow")
    func hostile() {
        self.tree.plugUSB(1, id: "Evil", serial: "a b\u{1B}[2J;$(rm)\u{202E}é\n" + String(repeating: "9", count: 500))
        let id = self.identity(1).id
        #expect(id.wholeMatch(of: /usb-0b0e:0412-[A-Za-z0-9_.:-]{1,64}/) != nil, "\(id)")
    }

    @Test("A tree that is not there, broken or in circles gives the name")
    func broken() {
        mkdir(self.tree.folder.path("class/sound/card5"), 0o700)
        symlink("nowhere", self.tree.folder.path("class/sound/card5/device"))
        mkdir(self.tree.folder.path("class/sound/card6"), 0o700)
        symlink("device", self.tree.folder.path("class/sound/card6/device"))
        #expect(self.identity(5, name: "Five").id == "card-Five")
        #expect(self.identity(6, name: "Six").id == "card-Six")
        #expect(CardIdentity(card: 0, name: "", sysfs: Sysfs(root: "/nonexistent")).id == "card-")
    }
}
