package import StenoCore

/// The value of an `Authorization: Basic` header (RFC 7617): base64 of the UTF-8 bytes of `name:password`.
package struct BasicCredentials: Sendable {
    private let name: String
    private let password: Secret

    package init(name: String, password: Secret) {
        self.name = name
        self.password = password
    }

    /// For the header, and nothing else.
    package var headerValue: String {
        self.password.reveal { "Basic " + Self.base64(Array("\(self.name):\($0)".utf8)) }
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars)
        var text = String.UnicodeScalarView()
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32((3 - group.count) * 8)
            for place in 0...group.count {
                text.append(alphabet[Int(bits >> UInt32(18 - place * 6) & 0x3F)])
            }
            for _ in group.count..<3 { text.append("=") }
        }
        return String(text)
    }
}
