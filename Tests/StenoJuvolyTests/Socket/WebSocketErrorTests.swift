import StenoJuvoly
import Testing

@Suite("WebSocket errors")
struct WebSocketErrorTests {
    @Test(
        "Each error says what happened and what to do",
        arguments: [
            (
                .insecure(host: "h"),
                "unencrypted connections are made to this machine only, and \"h\" is another one; use `wss://`"
            ),
            (.badAddress("x"), "the service's address cannot be used: x"),
            (.badRequest("x"), "the connection cannot be asked for: x"),
            (.badCertificateFile("/f"), "no certificates can be read from \"/f\"; it must be a PEM file"),
            (
                .connectFailed(host: "h:1", reason: "no network"),
                "\"h:1\" cannot be reached (no network); check the address and the network"
            ),
            (.tlsFailed(host: "h:1", reason: "x"), "no secure connection to \"h:1\": x"),
            (.refused(status: 401, retryAfter: nil), "the service refused the connection with HTTP status 401"),
            (
                .refused(status: 503, retryAfter: 7),
                "the service refused the connection with HTTP status 503 and asks to wait 7 s"
            ),
            (.badReply("x"), "the service's answer is no usable WebSocket: x"),
            (.dropped(host: "h:1"), "\"h:1\" ended the connection before it was open; try again later"),
            (
                .timedOut(host: "h:1", after: .seconds(10)),
                "\"h:1\" did not open the connection within 10.0 seconds; try again later"
            ),
            (.cancelled, "the connection was given up before it was open"),
        ] as [(WebSocketError, String)]
    )
    func texts(error: WebSocketError, text: String) {
        #expect(error.description == text)
    }
}
