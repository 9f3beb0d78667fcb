/// Takes an address apart from left to right. Every step refuses what RFC 3986 does not allow in that place.
struct ServiceURLReader {
    private var rest: Substring.UTF8View
    private let isTooLong: Bool

    init(_ text: String) {
        self.rest = Substring(text).utf8
        self.isTooLong = text.utf8.count > ServiceURL.maximumLength
    }

    mutating func scheme() throws(ServiceURLError) -> ServiceURL.Scheme {
        guard !self.isTooLong else { throw ServiceURLError(.tooLong) }
        let word = self.take { $0 != UInt8(ascii: ":") }
        guard let name = Self.text(word), let scheme = ServiceURL.Scheme(rawValue: name.lowercased()),
            self.skip("://")
        else { throw ServiceURLError(.notAnAddress) }
        return scheme
    }

    mutating func authority() throws(ServiceURLError) -> (host: String, port: Int?) {
        let whole = self.take { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard !whole.contains(UInt8(ascii: "@")) else { throw ServiceURLError(.hasUserName) }
        if whole.first == UInt8(ascii: "[") {
            guard let end = whole.firstIndex(of: UInt8(ascii: "]")) else { throw ServiceURLError(.badHost) }
            let inner = whole[whole.index(after: whole.startIndex)..<end]
            guard let host = Self.text(inner), !host.isEmpty, inner.allSatisfy(Self.isIPv6) else {
                throw ServiceURLError(.badHost)
            }
            return (host, try Self.port(whole[whole.index(after: end)...]))
        }
        let end = whole.firstIndex(of: UInt8(ascii: ":")) ?? whole.endIndex
        guard let host = Self.text(whole[..<end]), !host.isEmpty, whole[..<end].allSatisfy(Self.isHostName) else {
            throw ServiceURLError(.badHost)
        }
        return (host, try Self.port(whole[end...]))
    }

    mutating func path() throws(ServiceURLError) -> String {
        let path = self.take { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return try Self.checked(path)
    }

    mutating func query() throws(ServiceURLError) -> String? {
        guard self.skip("?") else {
            guard self.rest.isEmpty else { throw ServiceURLError(.hasFragment) }
            return nil
        }
        let query = self.take { $0 != UInt8(ascii: "#") }
        guard self.rest.isEmpty else { throw ServiceURLError(.hasFragment) }
        return try Self.checked(query)
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> Substring.UTF8View {
        let end = self.rest.firstIndex { !isPart($0) } ?? self.rest.endIndex
        defer { self.rest = self.rest[end...] }
        return self.rest[..<end]
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let expected = "\(text)".utf8
        guard self.rest.starts(with: expected) else { return false }
        self.rest = self.rest.dropFirst(expected.count)
        return true
    }

    private static func port(_ text: Substring.UTF8View) throws(ServiceURLError) -> Int? {
        if text.isEmpty { return nil }
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Self.text(digits).flatMap({ Int($0) }), (1...65_535).contains(port)
        else { throw ServiceURLError(.badPort) }
        return port
    }

    /// Path and query: the characters of RFC 3986, with whole percent escapes.
    private static func checked(_ text: Substring.UTF8View) throws(ServiceURLError) -> String {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                let escape = text[index...].dropFirst().prefix(2)
                guard escape.count == 2, escape.allSatisfy(Self.isHexDigit) else {
                    throw ServiceURLError(.badCharacter)
                }
            } else if !Self.isURLCharacter(text[index]) {
                throw ServiceURLError(.badCharacter)
            }
            index = text.index(after: index)
        }
        return Self.text(text) ?? ""
    }

    private static func text(_ bytes: Substring.UTF8View) -> String? { String(bytes) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isHostName(_ byte: UInt8) -> Bool {
        Self.isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func isIPv6(_ byte: UInt8) -> Bool {
        Self.isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isURLCharacter(_ byte: UInt8) -> Bool {
        Self.isAlphanumeric(byte) || "-._~!$&'()*+,;=:@/?".utf8.contains(byte)
    }
}
