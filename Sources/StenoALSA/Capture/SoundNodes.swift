import Glibc

/// The devices of the kernel as files, and whether this user may use them.
enum SoundNodes {
    /// Entries that are looked at.
    private static let most = 1_024

    /// There are capture devices, and this user may use none of them. libasound then says that there is no card.
    static func areForbidden(in folder: String = "/dev/snd") -> Bool {
        guard let entries = opendir(folder) else { return false }
        defer { closedir(entries) }
        var found = 0
        var left = Self.most
        while left > 0, let entry = readdir(entries) {
            left -= 1
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("pcm"), name.hasSuffix("c") else { continue }
            found += 1
            if access("\(folder)/\(name)", R_OK | W_OK) == 0 { return false }
        }
        return found > 0
    }
}
