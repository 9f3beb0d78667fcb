import Glibc

/// Says which program has a capture device, as far as this user may see.
enum DeviceHolder {
    /// Processes that are looked at; on a machine with more of them the holder may stay unknown.
    private static let processLimit = 10_000

    /// The first other process that has a capture device open: `arecord (process 1234)`.
    static func find() -> String? {
        guard let processes = opendir("/proc") else { return nil }
        defer { closedir(processes) }
        var left = Self.processLimit
        while left > 0, let entry = readdir(processes) {
            left -= 1
            let name = Self.name(of: entry)
            guard let process = Int32(name), process != getpid(), Self.hasCaptureDevice(process) else { continue }
            return "\(Self.command(of: process)) (process \(process))"
        }
        return nil
    }

    private static func hasCaptureDevice(_ process: Int32) -> Bool {
        let folder = "/proc/\(process)/fd"
        guard let descriptors = opendir(folder) else { return false }
        defer { closedir(descriptors) }
        while let entry = readdir(descriptors) {
            var target = [CChar](repeating: 0, count: 64)
            let count = readlink("\(folder)/\(Self.name(of: entry))", &target, target.count)
            guard count > 0 else { continue }
            let path = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if path.hasPrefix("/dev/snd/pcm"), path.hasSuffix("c") { return true }
        }
        return false
    }

    private static func command(of process: Int32) -> String {
        let file = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "another program" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
