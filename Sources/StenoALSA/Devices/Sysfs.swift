import Glibc

/// What the kernel tells of its devices in files. Everything in it may be absent, as in containers.
struct Sysfs: Sendable {
    /// Bytes of one value; what is longer is cut.
    private static let longestValue = 256
    /// Entries of one folder that are looked at.
    private static let mostEntries = 1_024

    /// `/sys`; tests have a tree of their own.
    let root: String

    init(root: String = "/sys") {
        self.root = root
    }

    /// The value in the file at `path`, without spaces around it; `nil` when there is none.
    func value(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.longestValue)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let value = String(decoding: bytes[..<count], as: UTF8.self)
        let isSpace = { (character: Character) in character.isWhitespace }
        let trimmed = value.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// Where `path` really is, with every link followed; `nil` when it is not there.
    func target(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Names of what is in the folder at `path`, in order.
    func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while names.count < Self.mostEntries, let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
            )
        }
        return names.sorted()
    }
}
