import StenoCore
import StenoHTTP
import Testing

@Suite("Words of a server")
struct ServerTextTests {
    @Test("They show nowhere but where they are asked for")
    func withheld() throws {
        let text = try #require(ServerText("key canary is invalid"))
        var dumped = ""
        dump(text, to: &dumped)
        #expect(!"\(text)\(String(reflecting: text))\(dumped)\([text])".contains("canary"))
        #expect(text.reveal { $0 } == "key canary is invalid")
    }

    @Test("Control characters and line breaks cannot reach the terminal")
    func neutralised() throws {
        let text = try #require(ServerText("a\u{1B}[31mred\r\n\u{202E}b\u{0}"))
        #expect(text.reveal { $0 } == "a [31mred b")
    }

    @Test("A page is cut at 500 characters, and an empty body says nothing")
    func bounded() throws {
        let text = try #require(ServerText(String(repeating: "x", count: 10_000)))
        #expect(text.reveal { $0.count } == 500)
        #expect(ServerText(" \n\u{0}") == nil)
        #expect(ServerText(bytes: []) == nil)
        #expect(ServerText(bytes: [0xFF, 0xFE])?.reveal { $0 } == "\u{FFFD}\u{FFFD}")
    }
}

@Suite("Basic credentials")
struct BasicCredentialsTests {
    @Test(
        "Base64 pads as RFC 4648 says",
        arguments: [
            ("", "a", "OmE="), ("f", "o", "Zjpv"), ("fo", "o", "Zm86bw=="), ("é", "ü", "w6k6w7w="),
        ]
    )
    func encodes(name: String, password: String, expected: String) {
        #expect(BasicCredentials(name: name, password: Secret(password)).headerValue == "Basic \(expected)")
    }
}
