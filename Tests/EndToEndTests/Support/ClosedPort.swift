import Glibc

/// A port of this machine that refuses every connection, as long as this lives.
final class ClosedPort: Sendable {
    private let descriptor: Int32
    let number: UInt16

    /// Bound and never listened on: nobody else can get the port, and nobody answers.
    init() {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = self.descriptor
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(descriptor, address, length) == 0, "no port: errno \(errno)")
                getsockname(descriptor, address, &length)
            }
        }
        self.number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(self.descriptor) }

    var url: String { "http://127.0.0.1:\(self.number)" }
}
