import Glibc
import StenoALSA
import StenoTesting

/// A tree as the kernel makes it for sound cards.
final class SysfsFixture: Sendable {
    let folder = TemporaryFolder()

    /// What `/sys` is elsewhere.
    var root: String { self.folder.path }

    init() { Self.makeFolders(self.folder.path("class/sound")) }

    /// Plugs a sound card into a socket of a USB hub, as card `number`.
    func plugUSB(
        _ number: Int,
        id: String,
        model: String = "0b0e:0412",
        serial: String? = nil,
        product: String = "Jabra SPEAK 510 USB",
        port: String = "1-2",
        interface: String = "00"
    ) {
        let device = "devices/pci0000:00/0000:00:14.0/usb1/\(port)"
        let numbers = model.split(separator: ":").map(String.init)
        self.write("\(device)/idVendor", numbers[0])
        self.write("\(device)/idProduct", numbers[1])
        self.write("\(device)/product", product)
        if let serial { self.write("\(device)/serial", serial) }
        self.write("\(device)/\(port):1.\(interface)/bInterfaceNumber", interface)
        self.addCard(number, id: id, device: "\(device)/\(port):1.\(interface)")
    }

    /// A card that is built in, or made by software.
    func addCard(_ number: Int, id: String, device: String, inputs: [Int] = [0]) {
        self.write("\(device)/sound/card\(number)/id", id)
        let card = self.folder.path("\(device)/sound/card\(number)")
        symlink(self.folder.path(device), "\(card)/device")
        symlink(card, self.folder.path("class/sound/card\(number)"))
        for input in inputs { self.write("class/sound/pcmC\(number)D\(input)c", "") }
        self.write("class/sound/pcmC\(number)D0p", "")
    }

    func write(_ name: String, _ value: String) {
        guard let slash = name.lastIndex(of: "/") else { return }
        Self.makeFolders(self.folder.path(String(name[..<slash])))
        _ = self.folder.write(Array("\(value)\n".utf8), to: name)
    }

    private static func makeFolders(_ path: String) {
        var folder = ""
        for part in path.split(separator: "/") {
            folder += "/\(part)"
            mkdir(folder, 0o700)
        }
    }
}
