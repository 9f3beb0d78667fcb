package import StenoCore

/// Something that audio can be captured from, as a person chooses it.
package struct CaptureDevice: Hashable, Sendable {
    /// What to give as `--device`: an ALSA PCM name.
    package var name: String
    /// Names this very device wherever it is plugged in and whatever number its card gets; the name for what is no
    /// hardware.
    package var id: String
    /// The kernel's name of its card; `nil` for what is no hardware.
    package var card: String?
    /// In words a person recognises, such as `Jabra SPEAK 510, USB`.
    package var description: String
    /// What it delivers; empty when it could not be asked.
    package var abilities: PCMAbilities
    /// Why it could not be asked; it may still be used later.
    package var trouble: DeviceTrouble?
    /// What is used when no device is named.
    package var isDefault: Bool

    package init(
        name: String,
        id: String,
        card: String? = nil,
        description: String,
        abilities: PCMAbilities = PCMAbilities(),
        trouble: DeviceTrouble? = nil,
        isDefault: Bool = false
    ) {
        self.name = name
        self.id = id
        self.card = card
        self.description = description
        self.abilities = abilities
        self.trouble = trouble
        self.isDefault = isDefault
    }
}

/// What a PCM can deliver, each list from small to large.
package struct PCMAbilities: Hashable, Sendable {
    /// ALSA's names, such as `S16_LE`.
    package var formats: [String]
    /// Hz, of those that are in common use.
    package var rates: [Int]
    package var channels: [Int]

    package init(formats: [String] = [], rates: [Int] = [], channels: [Int] = []) {
        self.formats = formats
        self.rates = rates
        self.channels = channels
    }
}
