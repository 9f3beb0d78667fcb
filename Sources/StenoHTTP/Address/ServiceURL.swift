/// The checked address of a service: scheme, host, port, path and query, in the characters that go on the wire.
///
/// What is not accepted, and why: user names in the address (they would travel in logs), fragments (never sent), plain
/// `http` and `ws` to anything but this machine (the keys would be readable on the way), and every character that
/// RFC 3986 does not allow, so that nothing in an address can end a header line.
package struct ServiceURL: Hashable, Sendable {
    /// How the bytes travel. The `ws` forms exist because the socket address is a setting as well.
    package enum Scheme: String, Hashable, Sendable {
        case http, https, ws, wss

        var isEncrypted: Bool { self == .https || self == .wss }
        var defaultPort: Int { self.isEncrypted ? 443 : 80 }
    }

    /// Which pair of schemes a setting may hold.
    package enum Family: Hashable, Sendable {
        /// `https`, and `http` to this machine.
        case web
        /// `wss`, and `ws` to this machine.
        case socket

        func contains(_ scheme: Scheme) -> Bool {
            switch self {
            case .web: scheme == .http || scheme == .https
            case .socket: scheme == .ws || scheme == .wss
            }
        }
    }

    /// The longest address accepted, in bytes.
    package static let maximumLength = 4096

    package let scheme: Scheme
    /// The host as written, an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Begins with `/`, or is empty when the address ends with the host.
    package internal(set) var path: String
    /// Without the question mark; `nil` if there is none.
    package internal(set) var query: String?

    /// Whether the address names this machine, so that plain text is safe.
    package var isLoopback: Bool { Self.isLoopback(host: self.host) }
    /// Whether the connection is protected by TLS.
    package var isEncrypted: Bool { self.scheme.isEncrypted }

    /// Scheme, host and port: what may be shown to a person. Paths and queries can hold what must not be shown.
    package var origin: String {
        let bracketed = self.host.utf8.contains(UInt8(ascii: ":")) ? "[\(self.host)]" : self.host
        let shownPort = self.port == self.scheme.defaultPort ? "" : ":\(self.port)"
        return "\(self.scheme.rawValue)://\(bracketed)\(shownPort)"
    }

    /// The whole address, for the request line only.
    package var absolute: String {
        self.origin + (self.path.isEmpty && self.query != nil ? "/" : self.path) + (self.query.map { "?" + $0 } ?? "")
    }

    /// Reads `text`, which must be an address of `family`.
    package init(_ text: String, family: Family = .web) throws(ServiceURLError) {
        var reader = ServiceURLReader(text)
        let scheme = try reader.scheme()
        guard family.contains(scheme) else {
            throw ServiceURLError(.wrongScheme(expected: family == .web ? "https://" : "wss://"))
        }
        let authority = try reader.authority()
        self.scheme = scheme
        self.host = authority.host
        self.port = authority.port ?? scheme.defaultPort
        self.path = try reader.path()
        self.query = try reader.query()
        guard scheme.isEncrypted || Self.isLoopback(host: authority.host) else {
            throw ServiceURLError(.plainText(scheme: scheme.rawValue, host: authority.host))
        }
    }

    /// `localhost`, 127.0.0.0/8 in its four-number form, and `::1`. A name that merely begins with `127.` is not.
    static func isLoopback(host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 4, numbers[0] == "127" else { return false }
        return numbers.allSatisfy { number in
            (1...3).contains(number.utf8.count) && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (Int(number) ?? 256) < 256
        }
    }
}
