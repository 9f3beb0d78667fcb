/// `HOST:PORT`, where deliveries are taken.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int

    /// Only this machine can reach it; a reverse proxy with TLS is in front of it.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 8750)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// An address of IPv6 is written in brackets. `nil` for anything else than `HOST:PORT`.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }) else {
            return nil
        }
        self.init(host: String(host), port: Int(port))
    }

    /// Nobody else can reach it.
    package var isLoopback: Bool {
        if self.host.lowercased() == "localhost" || self.host == "::1" { return true }
        let parts = self.host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    package func with(port: Int) -> ListenAddress { ListenAddress(host: self.host, port: port) }
}
