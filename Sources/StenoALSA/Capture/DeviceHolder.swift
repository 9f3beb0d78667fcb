import CALSA
import Glibc

/// Says which program has a capture device, as far as this user may see.
struct DeviceHolder {
    /// Processes and devices that are looked at; on a machine with more of them the holder may stay unknown.
    private static let most = 10_000
    /// Bytes of a file of the kernel.
    private static let longest = 1_024

    /// `/proc`; tests have a tree of their own.
    var root = "/proc"

    /// Another program that captures from the card of `pcm`, or from any card when the name does not tell which:
    /// `arecord (process 1234)`.
    func find(_ pcm: String) -> String? {
        let card = Self.card(in: pcm)
        return self.holderByStatus(card) ?? self.holderByDescriptor(card)
    }

    /// The number of the card that a name such as `hw:1,0` or `plughw:CARD=USB,DEV=0` is about.
    static func card(in pcm: String) -> Int? {
        guard let colon = pcm.firstIndex(of: ":") else { return nil }
        let arguments = pcm[pcm.index(after: colon)...].split(separator: ",")
        guard let first = arguments.first else { return nil }
        let named = arguments.first { $0.hasPrefix("CARD=") }?.dropFirst(5)
        let index = snd_card_get_index(String(named ?? first))
        return index >= 0 ? Int(index) : Int(named ?? first)
    }

    /// The kernel names the thread that opened a device, to everybody.
    private func holderByStatus(_ card: Int?) -> String? {
        for folder in self.entries("asound") where folder.hasPrefix("card") && !folder.hasPrefix("cards") {
            if let card, folder != "card\(card)" { continue }
            for pcm in self.entries("asound/\(folder)") where pcm.hasPrefix("pcm") && pcm.hasSuffix("c") {
                for sub in self.entries("asound/\(folder)/\(pcm)") where sub.hasPrefix("sub") {
                    let status = self.text("asound/\(folder)/\(pcm)/\(sub)/status") ?? ""
                    if let owner = Self.owner(in: status), let holder = self.described(owner) { return holder }
                }
            }
        }
        return nil
    }

    static func owner(in status: String) -> Int32? {
        status.split(separator: "\n").first { $0.hasPrefix("owner_pid") }
            .flatMap { $0.split(separator: ":").last }
            .flatMap { Int32($0.filter { !$0.isWhitespace }) }
    }

    private func holderByDescriptor(_ card: Int?) -> String? {
        let prefix = card.map { "/dev/snd/pcmC\($0)D" } ?? "/dev/snd/pcm"
        for entry in self.entries("") {
            guard let process = Int32(entry), process != getpid() else { continue }
            for descriptor in self.entries("\(entry)/fd") {
                let path = self.link("\(entry)/fd/\(descriptor)") ?? ""
                if path.hasPrefix(prefix), path.hasSuffix("c") { return self.described(process) }
            }
        }
        return nil
    }

    /// `nil` for a process that is gone.
    private func described(_ process: Int32) -> String? {
        guard let name = self.text("\(process)/comm")?.split(separator: "\n").first else { return nil }
        return "'\(name)' (process \(process))"
    }

    private func entries(_ folder: String) -> [String] {
        guard let opened = opendir("\(self.root)/\(folder)") else { return [] }
        defer { closedir(opened) }
        var names: [String] = []
        while names.count < Self.most, let entry = readdir(opened) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func text(_ path: String) -> String? {
        let file = open("\(self.root)/\(path)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        let count = read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Self.longest)
        let count = readlink("\(self.root)/\(path)", &target, target.count)
        return count > 0 ? String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
