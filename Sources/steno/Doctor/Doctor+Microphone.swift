import Steno
import StenoALSA
import StenoCore

extension Doctor {
    /// Whether anything can be recorded from; files can be recognised without.
    static func microphone(_ devices: [CaptureDevice]) -> Finding {
        let subject = "microphone"
        let usable = devices.filter { $0.trouble == nil || $0.trouble == .busy }
        guard !usable.isEmpty else {
            if devices.contains(where: { $0.trouble == .notPermitted }) {
                let advice = "Join the group that may: 'sudo usermod -aG audio $USER', then log in again."
                return .bad(subject, "this user may not open the sound devices in /dev/snd. \(advice)", .refused)
            }
            return devices.isEmpty
                ? .note(subject, "no capture device. Plug one in to dictate; files need none.")
                : .bad(subject, "no capture device works. Plug it in again; 'steno devices' tells more.", .noInput)
        }
        let count = usable.count == 1 ? "1 capture device" : "\(usable.count) capture devices"
        guard let standard = devices.first(where: \.isDefault) else {
            return .note(subject, "\(count), none of them the default. Name one of 'steno devices' with --device.")
        }
        let busy = standard.trouble == .busy ? ", which another program uses now" : ""
        return .good(subject, "\(count); the default is '\(standard.description)'\(busy)")
    }
}
