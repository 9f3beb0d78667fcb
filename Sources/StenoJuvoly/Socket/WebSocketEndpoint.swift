internal import NIOCore

/// Where a WebSocket is opened.
package struct WebSocketEndpoint: Hashable, Sendable {
    /// A name or an address; an IPv6 address without brackets.
    package var host: String
    package var port: Int
    package var isTLS: Bool
    /// Path and query, percent-encoded.
    package var target: String

    package init(host: String, port: Int, isTLS: Bool, target: String) {
        self.host = host
        self.port = port
        self.isTLS = isTLS
        self.target = target
    }

    /// Reads `wss://host[:port][/path][?query]`, or the same with `ws`.
    package init(url: String) throws(WebSocketError) {
        let lowercased = url.lowercased()
        guard let isTLS = lowercased.hasPrefix("wss://") ? true : lowercased.hasPrefix("ws://") ? false : nil else {
            throw .badAddress("it must begin with `wss://`")
        }
        guard !url.utf8.contains(UInt8(ascii: "#")) else { throw .badAddress("it must not hold a fragment (`#`)") }
        let rest = url.dropFirst(isTLS ? 6 : 5)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // A user's password would be in here, so nothing of it may be quoted.
        guard !authority.contains("@") else { throw .badAddress("it must not hold a user or password") }
        let (host, port) = try Self.split(authority)
        let path = rest.dropFirst(authority.count)
        let target = path.hasPrefix("/") ? String(path) : "/\(path)"
        self.init(host: host, port: port ?? (isTLS ? 443 : 80), isTLS: isTLS, target: target)
    }

    private static func split(_ authority: Substring) throws(WebSocketError) -> (host: String, port: Int?) {
        let isBracketed = authority.hasPrefix("[")
        let host = isBracketed ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        let rest = authority.dropFirst(host.count + (isBracketed ? 2 : 0))
        let isValid =
            isBracketed
            ? (try? SocketAddress(ipAddress: String(host), port: 0))?.protocol == .inet6
            : !host.isEmpty && host.utf8.allSatisfy(Self.isNameCharacter)
        guard isValid, !isBracketed || authority.dropFirst(host.count + 1).first == "]" else {
            throw .badAddress("its host is not a valid name or address")
        }
        guard !rest.isEmpty else { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits), port > 0
        else {
            throw .badAddress("its port is not a number from 1 to 65535")
        }
        return (String(host), Int(port))
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    /// The value of `Host`.
    var hostHeader: String {
        let name = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == (self.isTLS ? 443 : 80) ? name : "\(name):\(self.port)"
    }

    /// Host and port, to be shown to a person.
    var displayName: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    /// An address has no name to be sent in the TLS handshake; the certificate must then hold the address.
    var isAddress: Bool { (try? SocketAddress(ipAddress: self.host, port: 0)) != nil }

    /// The host is this machine, so that nothing can be read on the way.
    var isLoopback: Bool {
        guard let address = try? SocketAddress(ipAddress: self.host, port: 0) else {
            return self.host.lowercased() == "localhost"
        }
        return address.ipAddress == "::1" || address.protocol == .inet && address.ipAddress?.hasPrefix("127.") == true
    }
}
