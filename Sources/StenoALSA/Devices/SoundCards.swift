import CALSA
import Glibc

/// Reads which cards the kernel has.
enum SoundCards {
    /// ALSA has no more.
    private static let most = 32

    /// Cards that can capture, in the kernel's order: those that tell about themselves, and those that may not be asked.
    static func all(sysfs: Sysfs) -> [SoundCard] {
        ALSALog.take()
        var cards = Self.open(sysfs: sysfs)
        let known = Set(cards.map(\.number))
        cards += Self.closed(sysfs: sysfs).filter { !known.contains($0.number) }
        return cards.sorted { $0.number < $1.number }
    }

    private static func open(sysfs: Sysfs) -> [SoundCard] {
        var cards: [SoundCard] = []
        var number: Int32 = -1
        while cards.count < Self.most, snd_card_next(&number) == 0, number >= 0 {
            if let card = Self.card(number, sysfs: sysfs), !card.inputs.isEmpty { cards.append(card) }
        }
        return cards
    }

    private static func card(_ number: Int32, sysfs: Sysfs) -> SoundCard? {
        var handle: OpaquePointer?
        guard snd_ctl_open(&handle, "hw:\(number)", Int32(SND_CTL_NONBLOCK)) == 0, let handle else { return nil }
        defer { snd_ctl_close(handle) }
        var info: OpaquePointer?
        guard snd_ctl_card_info_malloc(&info) == 0, let info else { return nil }
        defer { snd_ctl_card_info_free(info) }
        guard snd_ctl_card_info(handle, info) == 0 else { return nil }
        let id = Self.text(snd_ctl_card_info_get_id(info))
        return SoundCard(
            number: Int(number),
            id: id,
            name: Self.text(snd_ctl_card_info_get_name(info)),
            inputs: Self.inputs(of: handle),
            identity: CardIdentity(card: Int(number), name: id, sysfs: sysfs)
        )
    }

    private static func inputs(of card: OpaquePointer) -> [SoundCard.Input] {
        var info: OpaquePointer?
        guard snd_pcm_info_malloc(&info) == 0, let info else { return [] }
        defer { snd_pcm_info_free(info) }
        var inputs: [SoundCard.Input] = []
        var device: Int32 = -1
        while inputs.count < Self.most, snd_ctl_pcm_next_device(card, &device) == 0, device >= 0 {
            snd_pcm_info_set_device(info, UInt32(device))
            snd_pcm_info_set_subdevice(info, 0)
            snd_pcm_info_set_stream(info, SND_PCM_STREAM_CAPTURE)
            // A device that only plays says that it has no such stream.
            guard snd_ctl_pcm_info(card, info) == 0 else { continue }
            inputs.append(SoundCard.Input(number: Int(device), name: Self.text(snd_pcm_info_get_name(info))))
        }
        return inputs
    }

    /// libasound does not even count cards that this user may not open, but the kernel lists them for everybody.
    static func closed(sysfs: Sysfs) -> [SoundCard] {
        let folder = "\(sysfs.root)/class/sound"
        var inputs: [Int: [SoundCard.Input]] = [:]
        for name in sysfs.names(in: folder) {
            guard let match = name.wholeMatch(of: /pcmC(\d{1,3})D(\d{1,3})c/) else { continue }
            guard let card = Int(match.1), let number = Int(match.2) else { continue }
            inputs[card, default: []].append(SoundCard.Input(number: number, name: ""))
        }
        return inputs.sorted { $0.key < $1.key }.prefix(Self.most).map { card, inputs in
            let id = sysfs.value("\(folder)/card\(card)/id") ?? "\(card)"
            let device = sysfs.target("\(folder)/card\(card)/device")
            let product = device.flatMap { sysfs.value("\($0)/../product") }
            return SoundCard(
                number: card,
                id: id,
                name: product ?? "",
                inputs: inputs.sorted { $0.number < $1.number },
                identity: CardIdentity(card: card, name: id, sysfs: sysfs),
                isOpen: false
            )
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
