import CALSA
import Glibc

/// A PCM that a configuration of ALSA names: a sound server, or what somebody wrote into `.asoundrc`.
struct NamedPCM: Hashable, Sendable {
    /// Names that are looked at.
    private static let most = 256
    /// Parts that other PCMs are built from, and outputs: none is a microphone.
    private static let hidden: Set<String> = [
        "null", "upmix", "vdownmix", "oss", "speex", "a52", "usbstream", "jack", "hw", "plughw", "dmix", "dsnoop",
        "sysdefault",
    ]
    private static let hiddenFamilies = ["samplerate", "speexrate", "lavrate"]

    var name: String
    /// What its configuration says of it, in one line; empty when it says nothing.
    var description: String

    /// Those that can capture and do not merely repeat a card, in the order of the configuration, each once.
    static func all() -> [NamedPCM] {
        ALSALog.take()
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard snd_device_name_hint(-1, "pcm", &hints) == 0, let hints else { return [] }
        defer { snd_device_name_free_hint(hints) }
        var pcms: [NamedPCM] = []
        for index in 0..<Self.most {
            guard let hint = hints[index] else { break }
            guard let name = Self.text(hint, "NAME"), Self.isWorthShowing(name, direction: Self.text(hint, "IOID")),
                !pcms.contains(where: { $0.name == name })
            else { continue }
            pcms.append(NamedPCM(name: name, description: Self.oneLine(Self.text(hint, "DESC") ?? "")))
        }
        return pcms
    }

    /// - Parameter direction: `Input` or `Output`; `nil` for both.
    static func isWorthShowing(_ name: String, direction: String?) -> Bool {
        // What names a card is another way to the card itself, which is listed with what it really gives.
        !name.isEmpty && direction != "Output" && !name.contains("CARD=") && !Self.hidden.contains(name)
            && !Self.hiddenFamilies.contains { name.hasPrefix($0) }
    }

    static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map(String.init).joined(separator: ", ")
    }

    private static func text(_ hint: UnsafeRawPointer, _ field: String) -> String? {
        guard let text = snd_device_name_get_hint(hint, field) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
