import StenoWire
import Testing

@Suite("WebSocket upgrade request")
struct WebSocketUpgradeTests {
    @Test("The request is exact, and the subprotocols stand in one line in the order given")
    func request() throws {
        let upgrade = try WebSocketUpgrade(
            host: "localhost:8080",
            target: "/api/v2/socket/generic?encoding=PCM",
            protocols: ["v2.juvoly", "z-client", "A.session", "z-client"],
            nonce: Array("the sample nonce".utf8)
        )
        let expected = """
            GET /api/v2/socket/generic?encoding=PCM HTTP/1.1\r
            Host: localhost:8080\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Protocol: v2.juvoly, z-client, A.session, z-client\r
            \r

            """
        #expect(String(decoding: upgrade.request, as: UTF8.self) == expected)
    }

    @Test("Without subprotocols there is no such line")
    func noProtocols() throws {
        let upgrade = try WebSocketUpgrade(
            host: "h",
            target: "/",
            protocols: [],
            nonce: [UInt8](repeating: 0, count: 16)
        )
        #expect(!String(decoding: upgrade.request, as: UTF8.self).contains("Protocol"))
    }

    @Test("The answer to a key is that of RFC 6455")
    func accept() {
        #expect(WebSocketUpgrade.accept(forKey: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(
        "A subprotocol that is no token is refused before anything is sent, without being named",
        arguments: [
            "", "a b", "a,b", "a/b", "a\"b", "a:b", "a\r\nb", "é", "a\u{7F}", "a\0", "(a)", "a=b", "{a}", "a@b",
        ]
    )
    func notTokens(name: String) {
        let fault = #expect(throws: UpgradeFault.self) { try self.upgrade(protocols: ["v2.juvoly", name]) }
        #expect(
            fault?.reason == "subprotocol 2 holds characters that HTTP forbids in a token, or is empty"
        )
    }

    @Test("Every token character passes")
    func tokens() throws {
        _ = try self.upgrade(protocols: ["!#$%&'*+-.^_`|~09azAZ"])
    }

    @Test("Host and path cannot smuggle another line", arguments: ["", "a b", "a\r\nX: y", "\u{E9}", "a\tb"])
    func smuggling(text: String) {
        #expect(throws: UpgradeFault.self) { try self.upgrade(host: text) }
        #expect(throws: UpgradeFault.self) { try self.upgrade(target: "/\(text) ") }
        #expect(throws: UpgradeFault.self) { try self.upgrade(target: text) }
    }

    @Test("Describing or dumping a request shows no subprotocol")
    func redaction() throws {
        let upgrade = try self.upgrade(protocols: ["v2.juvoly", "canary"])
        var dumped = ""
        dump(upgrade, to: &dumped)
        #expect(!"\(upgrade) \(String(reflecting: upgrade)) \(dumped)".contains("canary"))
    }

    private func upgrade(
        host: String = "host",
        target: String = "/",
        protocols: [String] = []
    ) throws -> WebSocketUpgrade {
        try WebSocketUpgrade(
            host: host,
            target: target,
            protocols: protocols,
            nonce: [UInt8](repeating: 7, count: 16)
        )
    }
}
