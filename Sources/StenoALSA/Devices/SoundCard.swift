/// A card of the kernel that can capture.
struct SoundCard: Hashable, Sendable {
    struct Input: Hashable, Sendable {
        /// The kernel's number of it on the card.
        var number: Int
        /// Such as `USB Audio` or `ALC257 Analog`; empty when it is not known.
        var name: String
    }

    /// The kernel's number, given in the order of appearance.
    var number: Int
    /// The kernel's short name, made of the product's, such as `USB` or `S510`.
    var id: String
    /// The product's name, such as `Jabra SPEAK 510 USB`.
    var name: String
    var inputs: [Input]
    var identity: CardIdentity
    /// libasound tells about it; not so when this user may not open it.
    var isOpen = true

    /// The ALSA name of an input. Not `plughw`: what the card really gives is converted with care.
    func pcmName(of input: Input) -> String {
        // By name, libasound does not find what it may not open; by number, it says that it may not.
        self.isOpen ? "hw:CARD=\(self.id),DEV=\(input.number)" : "hw:\(self.number),\(input.number)"
    }

    /// A name that finds this input again.
    func stableID(of input: Input, byPort: Bool = false) -> String {
        let id = byPort ? self.identity.idByPort ?? self.identity.id : self.identity.id
        return input.number == 0 ? id : "\(id)-dev\(input.number)"
    }

    /// Product, input and bus, without saying anything twice.
    func description(of input: Input) -> String {
        var parts = [self.name.isEmpty ? self.id : self.name]
        let isTelling = !["", "USB Audio", self.name, self.id].contains(input.name)
        if isTelling, !parts[0].contains(input.name) { parts.append(input.name) }
        switch self.identity.bus {
        case .usb: if !parts[0].hasSuffix("USB") { parts.append("USB") }
        case .builtIn: parts.append("built in")
        case .unknown: break
        }
        return parts.joined(separator: ", ")
    }
}
