/// What makes a sound card the same one after it was unplugged, whatever number it comes back with.
///
/// The kernel numbers cards in the order in which they appear, so a number says nothing. In this order:
///
///     usb-0b0e:0412-50C971FEE8A1          vendor, product and serial number, the same in every socket
///     usb-0d8c:0014-port-1-2              without a serial number, the socket stands for it
///     path-0000:00:1f.3                   what is built in, by its place
///     card-Loopback                       when the kernel tells no more than a name
///
/// `-if02` follows when the sound is not the first interface of a USB device.
struct CardIdentity: Hashable, Sendable {
    /// How the card is attached, for words.
    enum Bus: Hashable, Sendable { case usb, builtIn, unknown }

    /// Characters of a part that a device invents itself.
    private static let longestPart = 64

    /// The name that it has.
    var id: String
    /// The name by socket, when there is also one by serial number: some makers give every unit the same number.
    var idByPort: String?
    var bus: Bus

    /// - Parameters:
    ///   - card: the kernel's number.
    ///   - name: the kernel's name, for a card of which nothing else is known.
    init(card: Int, name: String, sysfs: Sysfs) {
        let link = "\(sysfs.root)/class/sound/card\(card)/device"
        guard let device = sysfs.target(link), let last = device.split(separator: "/").last else {
            self = CardIdentity(id: "card-\(Self.safe(name))", bus: .unknown)
            return
        }
        if let usb = Self.usb(interface: device, sysfs: sysfs) {
            self = usb
        } else {
            let isPCI = device.contains("/pci")
            self = CardIdentity(id: "path-\(Self.safe(String(last)))", bus: isPCI ? .builtIn : .unknown)
        }
    }

    private init(id: String, idByPort: String? = nil, bus: Bus) {
        self.id = id
        self.idByPort = idByPort
        self.bus = bus
    }

    /// Any name under which it may have been chosen.
    func isNamed(_ id: String) -> Bool { self.id == id || self.idByPort == id }

    /// The folder of a USB interface lies in that of its device, which has the numbers.
    private static func usb(interface: String, sysfs: Sysfs) -> CardIdentity? {
        guard let slash = interface.lastIndex(of: "/") else { return nil }
        let device = String(interface[..<slash])
        guard let vendor = sysfs.value("\(device)/idVendor"), let product = sysfs.value("\(device)/idProduct"),
            let port = device.split(separator: "/").last
        else { return nil }
        let number = sysfs.value("\(interface)/bInterfaceNumber").map(Self.safe) ?? "00"
        let suffix = number == "00" ? "" : "-if\(number)"
        let model = "usb-\(Self.safe(vendor)):\(Self.safe(product))"
        let byPort = "\(model)-port-\(Self.safe(String(port)))\(suffix)"
        guard let serial = sysfs.value("\(device)/serial").map(Self.safe), Self.isTelling(serial) else {
            return CardIdentity(id: byPort, bus: .usb)
        }
        return CardIdentity(id: "\(model)-\(serial)\(suffix)", idByPort: byPort, bus: .usb)
    }

    /// Serial numbers of one character or one digit over and over are what makers leave in when they give none.
    private static func isTelling(_ serial: String) -> Bool { Set(serial).count > 1 }

    /// Without anything that a shell, a terminal or a file name would mind.
    private static func safe(_ text: String) -> String {
        String(
            text.prefix(Self.longestPart).map { character in
                let isHarmless =
                    character.isASCII && (character.isLetter || character.isNumber || "._:-".contains(character))
                return isHarmless ? character : "_"
            }
        )
    }
}
