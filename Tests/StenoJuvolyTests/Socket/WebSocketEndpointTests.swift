import StenoJuvoly
import Testing

@Suite("WebSocket address")
struct WebSocketEndpointTests {
    @Test(
        "An address is read into its parts",
        arguments: [
            (
                "wss://example.org/a?b=c",
                WebSocketEndpoint(host: "example.org", port: 443, isTLS: true, target: "/a?b=c")
            ),
            ("WSS://Example.org", WebSocketEndpoint(host: "Example.org", port: 443, isTLS: true, target: "/")),
            ("ws://localhost:81?x", WebSocketEndpoint(host: "localhost", port: 81, isTLS: false, target: "/?x")),
            ("ws://127.0.0.1/", WebSocketEndpoint(host: "127.0.0.1", port: 80, isTLS: false, target: "/")),
            ("wss://[::1]:65535/a@b:c", WebSocketEndpoint(host: "::1", port: 65_535, isTLS: true, target: "/a@b:c")),
        ]
    )
    func parts(url: String, expected: WebSocketEndpoint) throws {
        #expect(try WebSocketEndpoint(url: url) == expected)
    }

    @Test(
        "What is no address of a WebSocket is refused, without its password",
        arguments: [
            "", "example.org", "https://example.org", "ws:/x", "ws://", "ws:///path", "ws://a b/", "ws://h:0/",
            "ws://h:65536/", "ws://h:/", "ws://h:+8/", "ws://h:8080canary/", "ws://u:canary@h/", "ws://h/#canary",
            "ws://[::1/", "ws://[1.2.3.4]/", "ws://[]/", "ws://[::1]x/", "ws://hé/", "ws://::1/",
        ]
    )
    func refusals(url: String) {
        let error = #expect(throws: WebSocketError.self) { try WebSocketEndpoint(url: url) }
        #expect(error?.description.contains("canary") == false)
    }
}
