import StenoCore

/// Finds what can be captured from, and finds a device again.
///
/// - Note: Blocking, some milliseconds for each card; a sound server may take longer to answer.
package enum CaptureDevices {
    /// What is used when no device is named.
    package static let defaultName = "default"

    /// The default first, then the cards in the kernel's order, then what else the configuration of ALSA names.
    ///
    /// - Parameters:
    ///   - sysfs: where the kernel tells about its devices.
    ///   - log: gets what libasound says meanwhile, which is much when there is little.
    package static func all(sysfs: String = "/sys", log: @escaping @Sendable (String) -> Void) -> [CaptureDevice] {
        ALSALog.write { log("libasound: \($0)") }
        let cards = SoundCards.all(sysfs: Sysfs(root: sysfs))
        let hardware = Self.hardware(cards).compactMap { Self.asked($0) }
        var named = NamedPCM.all()
        let position = named.firstIndex { $0.name == Self.defaultName }
        let first = position.map { named.remove(at: $0) } ?? NamedPCM(name: Self.defaultName, description: "")
        return [Self.device(first)].compactMap(\.self) + hardware + named.compactMap(Self.device)
    }

    /// The PCM to open for what a person named: that of a stable id wherever the device is now, and any other name as it
    /// is. `nil` when the device of that id is not there, or when there are several of which none can be told apart.
    package static func resolve(_ nameOrID: String, sysfs: String = "/sys") -> String? {
        guard Self.isStableID(nameOrID) else { return nameOrID }
        return Self.find(nameOrID, in: SoundCards.all(sysfs: Sysfs(root: sysfs)))
    }

    static func isStableID(_ text: String) -> Bool {
        ["usb-", "path-", "card-"].contains { text.hasPrefix($0) }
    }

    static func find(_ id: String, in cards: [SoundCard]) -> String? {
        let matches = cards.flatMap { card in
            card.inputs.filter { card.stableID(of: $0) == id || card.stableID(of: $0, byPort: true) == id }
                .map(card.pcmName)
        }
        return matches.count == 1 ? matches[0] : nil
    }

    /// What the cards have, not yet asked for their abilities.
    static func hardware(_ cards: [SoundCard]) -> [CaptureDevice] {
        let ids = cards.map(\.identity.id)
        return cards.flatMap { card in
            // Two units with one serial number can only be told apart by their sockets.
            let isAmbiguous = ids.filter { $0 == card.identity.id }.count > 1
            return card.inputs.map { input in
                CaptureDevice(
                    name: card.pcmName(of: input),
                    id: card.stableID(of: input, byPort: isAmbiguous),
                    card: card.id,
                    description: card.description(of: input)
                )
            }
        }
    }

    /// `nil` for what the configuration names although it leads nowhere, such as a sound server that does not run.
    private static func device(_ pcm: NamedPCM) -> CaptureDevice? {
        let isDefault = pcm.name == Self.defaultName
        let words = isDefault ? "what the system is set to" : pcm.name
        let device = Self.asked(
            CaptureDevice(
                name: pcm.name,
                id: pcm.name,
                description: pcm.description.isEmpty ? words : pcm.description,
                isDefault: isDefault
            )
        )
        switch device?.trouble {
        case nil, .busy, .notPermitted: return device
        case .absent, .stuck, .serverGone, .unusable, .failing: return nil
        }
    }

    /// With its abilities or its trouble; `nil` when it is gone.
    private static func asked(_ device: CaptureDevice) -> CaptureDevice? {
        var device = device
        switch PCMProbe.ask(device.name) {
        case .abilities(let abilities): device.abilities = abilities
        // The kernel of a container's host may list cards that the container has not.
        case .trouble(.absent): return nil
        case .trouble(let trouble): device.trouble = trouble
        }
        return device
    }
}
