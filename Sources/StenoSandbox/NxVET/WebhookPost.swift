import Crypto
import StenoWire

/// One event as the stand-in sends it (contract 9.2).
struct WebhookPost: Sendable {
    var body: [UInt8]
    var delivery: String
    var signature: String?

    init(type: String, data: JSONValue, delivery: String, form: NxVETFaults.WebhookSignature, isLarge: Bool) {
        var members = [
            JSONMember(name: "type", value: .string(type)), JSONMember(name: "data", value: data),
        ]
        if isLarge {
            members.append(JSONMember(name: "filling", value: .string(String(repeating: "x", count: 1 << 20))))
        }
        self.body = Array(JSONValue.object(members).serialized().utf8)
        self.delivery = delivery
        self.signature = Self.signature(of: self.body, form)
    }

    private static func signature(of body: [UInt8], _ form: NxVETFaults.WebhookSignature) -> String? {
        let secret = SandboxCredentials.nxVETWebhookSecret
        switch form {
        case .prefixHex: return "sha256=" + Self.hexadecimal(Self.code(body, secret))
        case .hexOnly: return Self.hexadecimal(Self.code(body, secret))
        case .upperHex: return "sha256=" + Self.hexadecimal(Self.code(body, secret)).uppercased()
        case .base64: return Self.base64(Self.code(body, secret))
        case .wrong: return "sha256=" + Self.hexadecimal(Self.code(body, "whsec_another_secret"))
        case .missing: return nil
        case .reserialisedBody: return "sha256=" + Self.hexadecimal(Self.code(body + [UInt8(ascii: " ")], secret))
        case .keyWithoutPrefix: return "sha256=" + Self.hexadecimal(Self.code(body, String(secret.dropFirst(6))))
        }
    }

    private static func code(_ body: [UInt8], _ secret: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Array(secret.utf8))))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            let digits = [18, 12, 6, 0].map { letters[bits >> $0 & 63] }
            text += String(digits.prefix(part.count + 1)) + String(repeating: "=", count: 3 - part.count)
        }
        return text
    }

    /// The whole request.
    func request(to address: WebhookAddress) -> [UInt8] {
        var head = "POST \(address.path) HTTP/1.1\r\nHost: 127.0.0.1:\(address.port)\r\n"
        head += "Content-Type: application/json\r\nContent-Length: \(self.body.count)\r\nConnection: close\r\n"
        head += "X-NerveX-Delivery: \(self.delivery)\r\n"
        if let signature = self.signature { head += "X-NerveX-Signature: \(signature)\r\n" }
        return Array(head.utf8) + Array("\r\n".utf8) + self.body
    }
}

/// Where the stand-in sends its events: a port of this machine, and no other place in the world.
struct WebhookAddress: Hashable, Sendable {
    var port: Int
    var path: String

    /// `http://127.0.0.1:PORT/PATH`; `localhost` is the same.
    init?(_ url: String) {
        guard
            let rest = ["http://127.0.0.1:", "http://localhost:"].lazy
                .compactMap({ url.hasPrefix($0) ? url.dropFirst($0.count) : nil }).first
        else { return nil }
        let digits = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(digits.count)
        guard let port = UInt16(digits), port > 0, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.port = Int(port)
        self.path = path.isEmpty ? "/" : String(path)
    }
}
