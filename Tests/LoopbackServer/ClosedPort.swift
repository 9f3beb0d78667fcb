import Glibc

/// A loopback port on which nobody answers, and which nobody else can take meanwhile: bound, but not listening.
package struct ClosedPort: ~Copyable {
    package let port: Int
    private let descriptor: CInt

    package init() {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(descriptor, generic, length)
                _ = getsockname(descriptor, generic, &length)
            }
        }
        self.descriptor = descriptor
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// An address on which a connection is refused.
    package var url: String { "http://127.0.0.1:\(self.port)" }

    deinit {
        close(self.descriptor)
    }
}
