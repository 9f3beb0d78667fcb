import Glibc
import StenoTesting

/// A TCP connection by the system's own calls, for senders that no HTTP client would be.
final class RawSocket: Sendable {
    private let descriptor: Int32

    init?(port: Int, isWaiting: Bool = true) {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard self.descriptor >= 0 else { return nil }
        if !isWaiting { _ = fcntl(self.descriptor, F_SETFL, O_NONBLOCK) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(self.descriptor, $0, length) }
        }
        guard result == 0 || !isWaiting && errno == EINPROGRESS else {
            close(self.descriptor)
            return nil
        }
    }

    deinit { close(self.descriptor) }

    /// Waits in system calls on a thread of its own.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            TestThread.run { continuation.resume(returning: body()) }
        }
    }

    /// Sends all, then reads to the end.
    func exchange(_ pieces: [[UInt8]]) -> String? {
        for piece in pieces where !self.send(piece) { break }
        return self.readAll()
    }

    /// Sends as often as it is taken.
    func flood(_ head: [UInt8], _ piece: [UInt8], times: Int) -> (answer: String, sent: Int) {
        var sent = 0
        guard self.send(head) else { return (self.readAll() ?? "", 0) }
        for _ in 0..<times {
            guard self.send(piece) else { break }
            sent += piece.count
        }
        return (self.readAll() ?? "", sent)
    }

    /// A byte at a time, until the far side ends it.
    func dribble(_ start: [UInt8]) -> Bool {
        guard self.send(start) else { return true }
        // 20 s in all: far longer than the limit of any server here.
        for _ in 0..<1_000 {
            var ready = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&ready, 1, 20) > 0 {
                var byte: UInt8 = 0
                if recv(self.descriptor, &byte, 1, 0) <= 0 { return true }
            }
            if !start.isEmpty, !self.send([0x61]) { return true }
        }
        return false
    }

    /// As many as the descriptors of this process allow beside everything else, at most `wish`.
    static func affordable(_ wish: Int) -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return min(wish, max(0, Int(clamping: limit.rlim_cur) - 1_500))
    }

    static func crowd(of count: Int, port: Int) -> [RawSocket] {
        (0..<count).compactMap { _ in RawSocket(port: port, isWaiting: false) }
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func readAll() -> String? {
        var (all, part) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while all.count < 1 << 20 {
            let count = recv(self.descriptor, &part, part.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            all += part[..<count]
        }
        return all.isEmpty ? nil : String(decoding: all, as: UTF8.self)
    }
}

enum Memory {
    /// Bytes of this process that are in memory.
    static func resident() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4_096 : 0
    }
}
