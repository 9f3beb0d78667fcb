import StenoCore
import StenoTesting
import StenoWebhook
import Testing

@Suite("Webhook signatures")
struct WebhookSignatureTests {
    private let signature = WebhookSignature(secret: Secret(Signed.secret))
    private let body = Signed.body

    private func verify(_ header: String, pinned: WebhookSignature.KeyForm? = nil) -> WebhookSignature.KeyForm? {
        self.signature.verify(header, body: self.body, pinned: pinned)
    }

    @Test("What the service signed is believed, however the code is written")
    func forms() {
        let header = Signed.header(self.body)
        #expect(self.verify(header) == .whole)
        #expect(self.verify(header.uppercased()) == .whole)
        #expect(self.verify(String(header.dropFirst(7))) == .whole)
        #expect(self.verify(" \(header)\t") == .whole)
        #expect(self.verify(Self.base64(Signed.code(self.body))) == .whole)
        #expect(self.verify("sha256=" + Self.base64(Signed.code(self.body))) == .whole)
    }

    @Test("An independent implementation signs the same", arguments: ["whsec_test_secret"])
    func knownAnswer(secret: String) {
        // printf %s '{"type":"new_label","data":{"labelId":"label-1"}}' | openssl dgst -sha256 -hmac whsec_test_secret
        let code = "2caba5f9a8367cb673b0193629d1f1298983b74c95293dfbfa7b127dd9c99d1a"
        #expect(
            WebhookSignature(secret: Secret(secret)).verify("sha256=" + code, body: self.body, pinned: nil) == .whole
        )
    }

    @Test("A changed bit anywhere, in the body or the code, is a forgery")
    func bits() {
        let code = Signed.code(self.body)
        for bit in 0..<256 {
            var changed = code
            changed[bit / 8] ^= 1 << (bit % 8)
            let header = changed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(self.verify(header) == nil)
        }
        for index in self.body.indices {
            var changed = self.body
            changed[index] ^= 1
            #expect(self.signature.verify(Signed.header(self.body), body: changed, pinned: nil) == nil)
        }
        #expect(self.signature.verify(Signed.header(self.body), body: self.body + [32], pinned: nil) == nil)
    }

    @Test(
        "What is no code of 32 bytes is refused",
        arguments: [
            "", "sha256=", "sha256", "sha256=00", "md5=00", String(repeating: "0", count: 63),
            String(repeating: "g", count: 64), String(repeating: "0", count: 65), String(repeating: "é", count: 32),
            String(repeating: "=", count: 44), "sha256=sha256=",
        ]
    )
    func malformed(header: String) {
        #expect(self.verify(header) == nil)
    }

    @Test("A header without end costs nothing")
    func endless() {
        #expect(self.verify(String(repeating: "A", count: 1_000_000)) == nil)
        #expect(WebhookMessage(Array(repeating: UInt8(ascii: "["), count: 100_000)) == nil)
    }

    @Test("The key may be the secret without its prefix, but only if that is what verified first")
    func prefix() {
        let header = Signed.header(self.body, key: "test_secret")
        #expect(self.verify(header) == .withoutPrefix)
        #expect(self.verify(header, pinned: .whole) == nil)
        #expect(self.verify(header, pinned: .withoutPrefix) == .withoutPrefix)
        #expect(self.verify(Signed.header(self.body), pinned: .withoutPrefix) == nil)
        #expect(
            WebhookSignature(secret: Secret("whsec_")).verify(
                Signed.header(self.body, key: ""),
                body: self.body,
                pinned: nil
            ) == nil
        )
    }

    @Test("No random header is believed, and none traps")
    func adversary() {
        var random = SplitMix64(seed: 7)
        let letters = Array("sha256=0123456789abcdefABCDEF+/ \u{0}é")
        for _ in 0..<5_000 {
            let length = Int.random(in: 0..<90, using: &random)
            let header = String((0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
            #expect(self.verify(header) == nil)
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var (text, bits, count) = ("", 0, 0)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                text.append(letters[bits >> count & 63])
            }
        }
        if count > 0 { text.append(letters[bits << (6 - count) & 63]) }
        return text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}

@Suite("What an event says")
struct WebhookMessageTests {
    private func message(_ text: String) -> WebhookMessage? { WebhookMessage(Array(text.utf8)) }

    @Test("Each of the five types leads to the call of the vendor's table")
    func table() {
        let label = #""data":{"labelId":"a"}}"#
        let conversation = #""data":{"deviceId":"d","conversationId":"c"}}"#
        #expect(self.message(#"{"type":"new_label",\#(label)"#)?.followUp == .label("a"))
        #expect(self.message(#"{"type":"label_updated",\#(label)"#)?.followUp == .label("a"))
        #expect(self.message(#"{"type":"label_deleted",\#(label)"#)?.followUp == .deleted(label: "a"))
        #expect(
            self.message(#"{"type":"conversation_created",\#(conversation)"#)?.followUp
                == .conversation(device: "d", id: "c")
        )
        #expect(
            self.message(#"{"type":"conversation_completed",\#(conversation)"#)?.followUp
                == .conversation(device: "d", id: "c")
        )
    }

    @Test(
        "A type that is not known, and ids that are missing or odd, lead nowhere",
        arguments: [
            #"{"type":"ping"}"#, #"{"type":"new_label"}"#, #"{"type":"new_label","data":{}}"#,
            #"{"type":"new_label","data":[]}"#, #"{"type":"new_label","data":{"labelId":""}}"#,
            #"{"type":"new_label","data":{"labelId":".."}}"#, #"{"type":"new_label","data":{"labelId":"a b"}}"#,
            #"{"type":"new_label","data":{"labelId":{}}}"#, #"{"type":"conversation_created","data":{"deviceId":"d"}}"#,
        ]
    )
    func none(text: String) throws {
        #expect(try #require(self.message(text)).followUp == .none)
    }

    @Test(
        "What is no event is none",
        arguments: [
            "", "{", "[]", "null", "{}", #"{"type":1}"#, #"{"type":""}"#, #"{"type":"a"} x"#, "\u{FEFF}",
        ]
    )
    func malformed(text: String) {
        #expect(self.message(text) == nil)
    }
}
