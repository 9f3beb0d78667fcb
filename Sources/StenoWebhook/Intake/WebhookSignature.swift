internal import Crypto
package import StenoCore

/// Tells whether the service wrote a body: `X-NerveX-Signature` (contract NxVET §9.2).
///
/// The comparison is swift-crypto's own for authentication codes, which takes as long for a near miss as for a wild one.
package struct WebhookSignature: Sendable {
    /// Lower case, as NIO compares names without regard to case.
    package static let headerName = "x-nervex-signature"

    /// Which part of the secret is the key (NA-10). What verified first is kept to.
    package enum KeyForm: String, Hashable, Sendable {
        /// The whole secret with its `whsec_`, as documented.
        case whole
        case withoutPrefix
    }

    private static let prefix = "whsec_"

    private let keys: [(form: KeyForm, key: SymmetricKey)]

    package init(secret: Secret) {
        self.keys = secret.reveal { secret in
            var keys = [(form: KeyForm.whole, key: SymmetricKey(data: Array(secret.utf8)))]
            if secret.hasPrefix(Self.prefix), secret.count > Self.prefix.count {
                let rest = Array(secret.utf8.dropFirst(Self.prefix.utf8.count))
                keys.append((form: .withoutPrefix, key: SymmetricKey(data: rest)))
            }
            return keys
        }
    }

    /// - Parameters:
    ///   - header: as it was sent.
    ///   - body: as it was sent, byte for byte.
    ///   - pinned: the only form that is taken; `nil` while none has verified yet.
    /// - Returns: the form that verified; `nil` when the body is not the service's.
    package func verify(_ header: String, body: [UInt8], pinned: KeyForm?) -> KeyForm? {
        guard let code = Self.code(in: header) else { return nil }
        return self.keys.first { form, key in
            (pinned == nil || pinned == form)
                && HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
        }?.form
    }

    /// `sha256=` and lower-case hexadecimal is documented. Without the name, in capitals or in Base64 it is the same
    /// code, and as hard to forge.
    ///
    /// - Returns: exactly 32 bytes.
    static func code(in header: String) -> [UInt8]? {
        guard header.utf8.count <= 128 else { return nil }
        var text = header[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        if text.lowercased().hasPrefix("sha256=") { text = text.dropFirst(7) }
        return Self.hexadecimal(text.utf8) ?? Self.base64(text.utf8)
    }

    private static func hexadecimal(_ text: Substring.UTF8View) -> [UInt8]? {
        guard text.count == 64 else { return nil }
        let digits = text.compactMap { Self.value(of: $0, base: 16) }
        guard digits.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static func base64(_ text: Substring.UTF8View) -> [UInt8]? {
        guard text.count == 44, text.last == UInt8(ascii: "=") else { return nil }
        let digits = text.dropLast().compactMap { Self.value(of: $0, base: 64) }
        guard digits.count == 43 else { return nil }
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for digit in digits {
            bits = (bits << 6 | UInt32(digit)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes.count == 32 ? bytes : nil
    }

    private static func value(of character: UInt8, base: Int) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + (base == 64 ? 52 : 0)
        case UInt8(ascii: "a")...UInt8(ascii: "f") where base == 16: character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F") where base == 16: character - UInt8(ascii: "A") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z") where base == 64: character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z") where base == 64: character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "+") where base == 64: 62
        case UInt8(ascii: "/") where base == 64: 63
        default: nil
        }
    }
}
