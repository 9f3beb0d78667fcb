import Glibc

/// A port of `::1` where nobody ever answers, as at an address behind a broken router: its queue is full, and the kernel
/// passes over whoever knocks.
final class SilentPort: Sendable {
    private let descriptors: [Int32]

    /// Some machines have no IPv6.
    static var isPossible: Bool { SilentPort(0) != nil }

    /// - Parameter number: of the port; 0 for any.
    init?(_ number: UInt16) {
        let listener = Self.socket()
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = number.bigEndian
        address.sin6_addr = in6addr_loopback
        let length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        // One that is listened to and never taken, and one more, for which there is no room.
        let knocking = [Self.socket(), Self.socket()]
        self.descriptors = [listener] + knocking
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0, listen(listener, 0) == 0 else { return false }
                for descriptor in knocking { _ = connect(descriptor, address, length) }
                return true
            }
        }
        guard isBound else { return nil }
    }

    deinit { for descriptor in self.descriptors { close(descriptor) } }

    private static func socket() -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return Glibc.socket(AF_INET6, kind, 0)
    }
}
