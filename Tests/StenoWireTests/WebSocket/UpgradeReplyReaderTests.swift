import StenoWire
import Testing

@Suite("WebSocket upgrade reply")
struct UpgradeReplyReaderTests {
    private static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// Lines of a good reply, with some put in the place of others.
    private func reply(
        status: String = "HTTP/1.1 101 Switching Protocols",
        upgrade: [String] = ["Upgrade: websocket"],
        connection: [String] = ["Connection: Upgrade"],
        accept: [String] = [Self.accept],
        protocols: [String] = ["Sec-WebSocket-Protocol: v2.juvoly"],
        more: [String] = []
    ) -> String {
        ([status] + upgrade + connection + accept + protocols + more + ["", ""]).joined(separator: "\r\n")
    }

    private struct Reading: Equatable {
        var reply: UpgradeReply?
        var consumed = 0
        var fault: String?
    }

    private func read(_ text: String, pieces: Int = .max, acceptsAny: Bool = false, offers: [String]? = nil) -> Reading
    {
        self.read(Array(text.utf8), pieces: pieces, acceptsAny: acceptsAny, offers: offers)
    }

    private func read(_ bytes: [UInt8], pieces: Int, acceptsAny: Bool, offers: [String]?) -> Reading {
        do throws(UpgradeFault) {
            let upgrade = try WebSocketUpgrade(
                host: "h",
                target: "/",
                protocols: offers ?? ["v2.juvoly", "client", "session"],
                nonce: Array("the sample nonce".utf8)
            )
            var reader = UpgradeReplyReader(upgrade, acceptsAnySubprotocol: acceptsAny)
            var start = 0
            while start < bytes.count {
                let piece = Array(bytes[start..<min(start + min(pieces, bytes.count), bytes.count)])
                let result = try piece.withUnsafeBufferPointer { (buffer) throws(UpgradeFault) in
                    try reader.read(UnsafeRawBufferPointer(buffer))
                }
                if let (reply, consumed) = result { return Reading(reply: reply, consumed: start + consumed) }
                start += piece.count
            }
            return Reading()
        } catch {
            return Reading(fault: error.reason)
        }
    }

    @Test("A good reply is accepted, and what is glued to it is left for the frames")
    func accepted() {
        let text = self.reply()
        let expected = Reading(reply: .accepted(protocolIndex: 0), consumed: text.utf8.count)
        #expect(self.read(text) == expected)
        #expect(self.read(text + "\u{1}\u{5}hello") == expected)
    }

    @Test("Case of names and of the two fixed values, spaces around values and other fields do not matter")
    func tolerance() {
        let text = self.reply(
            upgrade: ["UPGRADE: \t WebSocket \t"],
            connection: ["cOnnection: keep-alive ,  UPGRADE"],
            protocols: ["sec-websocket-protocol:v2.juvoly"],
            more: ["Server: \u{E9}\u{FF}", "X-Empty:", "Set-Cookie: a=b", "Set-Cookie: c=d"]
        )
        #expect(self.read(text).reply == .accepted(protocolIndex: 0))
    }

    @Test("The result does not depend on how the bytes come")
    func splitting() {
        let texts = [
            self.reply(), self.reply(accept: []), self.reply(protocols: ["Sec-WebSocket-Protocol: evil"]),
            "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\nbody", "HTTP/1.1 101 X\r\nbad line\r\n\r\n", "SSH-2.0\r\n\r\n",
        ]
        for text in texts {
            let whole = self.read(text)
            for pieces in 1...text.utf8.count {
                #expect(self.read(text, pieces: pieces) == whole)
            }
        }
    }

    @Test("No prefix of a good reply is an answer yet")
    func prefixes() {
        let bytes = Array(self.reply().utf8)
        for length in 0..<bytes.count {
            #expect(self.read(Array(bytes[..<length]), pieces: .max, acceptsAny: false, offers: nil) == Reading())
        }
    }

    @Test("A reply that does not upgrade, or does not answer our key, is refused")
    func notAWebSocket() {
        #expect(self.fault(upgrade: []) == "the reply does not upgrade to a WebSocket")
        #expect(self.fault(upgrade: ["Upgrade: h2c"]) == "the reply does not upgrade to a WebSocket")
        #expect(self.fault(connection: []) == "the reply does not upgrade the connection")
        #expect(self.fault(connection: ["Connection: keep-alive"]) == "the reply does not upgrade the connection")
        let key = "the reply does not answer the key of the request"
        #expect(self.fault(accept: []) == key)
        #expect(self.fault(accept: ["Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo="]) == key)
        #expect(self.fault(accept: ["Sec-WebSocket-Accept:"]) == key)
    }

    @Test("An extension that nobody asked for is refused")
    func extensions() {
        let reason = "the reply names an extension; none was offered"
        #expect(self.fault(more: ["Sec-WebSocket-Extensions: permessage-deflate"]) == reason)
        #expect(self.fault(more: ["sec-websocket-extensions:"]) == reason)
    }

    @Test("A subprotocol that was not offered is refused, and its name is not repeated")
    func foreignProtocol() {
        let reason = "the reply names a subprotocol that was not offered"
        for value in ["evil", "V2.juvoly", "v2.juvoly, client", ""] {
            let text = self.reply(protocols: ["Sec-WebSocket-Protocol: \(value)"])
            #expect(self.read(text).fault == reason)
            #expect(self.read(text, acceptsAny: true).fault == reason)
        }
        #expect(self.read(self.reply(), offers: []).fault == reason)
    }

    @Test("None, or one of our own other values, is accepted only where the setting allows it")
    func otherProtocol() {
        let none = self.reply(protocols: [])
        let echo = self.reply(protocols: ["Sec-WebSocket-Protocol: session"])
        #expect(self.read(none).fault == "the reply names no subprotocol")
        #expect(self.read(echo).fault == "the reply names another subprotocol than the first that was offered")
        #expect(self.read(none, acceptsAny: true).reply == .accepted(protocolIndex: nil))
        #expect(self.read(echo, acceptsAny: true).reply == .accepted(protocolIndex: 2))
        #expect(self.read(none, offers: []).reply == .accepted(protocolIndex: nil))
    }

    @Test("A repeated field that decides is refused")
    func repeats() {
        let reason = "the reply repeats a field that may be there once only"
        #expect(self.fault(upgrade: ["Upgrade: websocket", "upgrade: websocket"]) == reason)
        #expect(self.fault(connection: ["Connection: Upgrade", "Connection: Upgrade"]) == reason)
        #expect(self.fault(accept: [Self.accept, Self.accept]) == reason)
        #expect(self.fault(more: ["Sec-WebSocket-Protocol: v2.juvoly"]) == reason)
    }

    @Test(
        "A header that HTTP does not allow is refused",
        arguments: [
            "no colon", ": no name", "a b: c", "a : b", " folded", "\tfolded", "x: a\0b", "x: a\rb", "\u{E9}: a",
        ]
    )
    func badLines(line: String) {
        #expect(self.fault(more: [line]) != nil)
    }

    @Test(
        "A first line that is not HTTP/1.1 is refused",
        arguments: [
            "HTTP/1.0 101 X", "HTTP/2 101 X", "HTTP/1.2 101 X", "HTTP/1.1 101", "HTTP/1.1  101 X", "HTTP/1.1 1e1 X",
            "HTTP/1.1 099 X", "HTTP/1.1 1010 X", "http/1.1 101 X", "", " HTTP/1.1 101 X", "HTTP/1.1\t101\tX",
        ]
    )
    func badStatus(line: String) {
        #expect(self.fault(status: line) != nil)
    }

    @Test("Lines must end as HTTP's do")
    func lineEnds() {
        let reason = "a line of the reply has no proper end"
        #expect(self.read("HTTP/1.1 101 X\nUpgrade: websocket\n\n").fault == reason)
        #expect(self.read("HTTP/1.1 101 X\r\nUpgrade: websocket\n").fault == reason)
    }

    @Test("A header without end is refused at the bound, in bytes and in lines")
    func bounds() {
        let long = "HTTP/1.1 101 X\r\nX: " + String(repeating: "a", count: 64 << 10)
        #expect(self.read(long).fault == "the reply's header is longer than 16384 bytes")
        let lines = "HTTP/1.1 101 X\r\n" + String(repeating: "a:\r\n", count: 200)
        #expect(self.read(lines).fault == "the reply's header has more than 100 lines")
        let interim = String(repeating: "HTTP/1.1 100 X\r\n\r\n", count: 60)
        #expect(self.read(interim).fault == "the reply's header has more than 100 lines")
    }

    @Test(
        "Every other status is a refusal with its number, redirects included",
        arguments: [200, 301, 302, 400, 401, 403, 404, 426, 429, 500, 503, 999]
    )
    func refusals(status: Int) {
        let text = "HTTP/1.1 \(status) \r\nLocation: https://elsewhere/\r\nsloppy line\r\n\r\n<html>"
        #expect(self.read(text).reply == .refused(status: status, retryAfter: nil))
    }

    @Test("The wait that a server asks for is read where it is a number of seconds")
    func retryAfter() {
        for (value, seconds) in [
            ("0", 0), ("7", 7), (" 120 ", 120), ("999999999", 999_999_999), ("9999999999", nil), ("-1", nil), ("", nil),
            ("1.5", nil), ("Wed, 21 Oct 2015 07:28:00 GMT", nil),
        ] as [(String, Int?)] {
            let text = "HTTP/1.0 503 Busy\r\nRetry-After:\(value)\r\n\r\n"
            #expect(self.read(text).reply == .refused(status: 503, retryAfter: seconds))
        }
    }

    @Test("Interim replies are passed over")
    func interim() {
        let text = "HTTP/1.1 103 Early Hints\r\nUpgrade: x\r\n\r\n" + self.reply()
        #expect(self.read(text).reply == .accepted(protocolIndex: 0))
    }

    private func fault(
        status: String = "HTTP/1.1 101 Switching Protocols",
        upgrade: [String] = ["Upgrade: websocket"],
        connection: [String] = ["Connection: Upgrade"],
        accept: [String] = [Self.accept],
        more: [String] = []
    ) -> String? {
        let text = self.reply(status: status, upgrade: upgrade, connection: connection, accept: accept, more: more)
        return self.read(text).fault
    }
}
