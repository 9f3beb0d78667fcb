import StenoHTTP
import Testing

@Suite("Service address")
struct ServiceURLTests {
    @Test(
        "Addresses people write are taken as they are",
        arguments: [
            "https://services.juvoly.nl/api/v2/rest", "https://host:8443/a/b?x=1&y=%20", "http://localhost:8080",
            "http://127.0.0.1:1/", "http://127.255.3.4/x", "http://[::1]:9/x", "https://[2001:db8::1]/x",
        ]
    )
    func acceptsAddresses(text: String) throws {
        #expect(try ServiceURL(text).absolute == text)
    }

    @Test("Scheme and port are normalised in what is shown, and a default port is not repeated")
    func showsOrigin() throws {
        #expect(try ServiceURL("HTTPS://Host:443/secret?token=1").origin == "https://Host")
        #expect(try ServiceURL("http://[::1]:8080/x").origin == "http://[::1]:8080")
        #expect(try ServiceURL("wss://host/socket/", family: .socket).origin == "wss://host")
    }

    @Test(
        "What is no address, or not a safe one, is refused with its reason",
        arguments: [
            ("", ServiceURLError.Reason.notAnAddress), ("juvoly", .notAnAddress), ("ftp://host", .notAnAddress),
            ("https:/host", .notAnAddress), ("wss://host", .wrongScheme(expected: "https://")),
            ("https://", .badHost), ("https:///path", .badHost), ("https://ho st/", .badHost),
            ("https://höst/", .badHost), ("https://[::1/", .badHost), ("https://[]/", .badHost),
            ("https://host:/x", .badPort), ("https://host:0/", .badPort), ("https://host:65536/", .badPort),
            ("https://host:8o/", .badPort), ("https://[::1]8/", .badPort), ("https://host:99999999999/", .badPort),
            ("https://host/a b", .badCharacter), ("https://host/a\r\nX: y", .badCharacter),
            ("https://host/%4", .badCharacter), ("https://host/?q=%zz", .badCharacter),
            ("https://user:pw@host/", .hasUserName), ("https://host/#x", .hasFragment),
            ("https://host/?a#x", .hasFragment),
        ]
    )
    func refuses(text: String, reason: ServiceURLError.Reason) {
        #expect(throws: ServiceURLError.self) { try ServiceURL(text) }
        let error = #expect(throws: ServiceURLError.self) { try ServiceURL(text) }
        #expect(error?.reason == reason)
    }

    @Test(
        "Plain text is for this machine only, whatever a name looks like",
        arguments: [
            "http://example.org/", "http://127.0.0.1.example.org/", "http://localhost.example.org/",
            "http://127.1/", "http://0x7f.0.0.1/", "http://127.0.0.256/", "http://128.0.0.1/", "http://[::2]/",
        ]
    )
    func plainTextStaysHere(text: String) {
        let error = #expect(throws: ServiceURLError.self) { try ServiceURL(text) }
        guard case .plainText = error?.reason else {
            Issue.record("\(text) gave \(String(describing: error?.reason))")
            return
        }
    }

    @Test("Plain sockets follow the same rule")
    func socketFamily() throws {
        #expect(try ServiceURL("ws://localhost:1/socket/", family: .socket).isLoopback)
        #expect(throws: ServiceURLError.self) { try ServiceURL("ws://example.org/", family: .socket) }
        #expect(throws: ServiceURLError.self) { try ServiceURL("https://example.org/", family: .socket) }
    }

    @Test("A base joins with or without its last slash, and keeps its query")
    func joins() throws {
        #expect(try ServiceURL("https://h/a/").appending("notes", "1").absolute == "https://h/a/notes/1")
        #expect(try ServiceURL("https://h/a").appending("notes").absolute == "https://h/a/notes")
        #expect(try ServiceURL("https://h").appending("notes").absolute == "https://h/notes")
        #expect(try ServiceURL("https://h?k=1").appending("x").absolute == "https://h/x?k=1")
        #expect(try ServiceURL("https://h?k=1").absolute == "https://h/?k=1")
    }

    @Test("An identifier from outside cannot leave its place in the path")
    func encodesSegments() throws {
        let base = try ServiceURL("https://h/notes")
        #expect(base.appending("../api?x=1#y").path == "/notes/..%2Fapi%3Fx%3D1%23y")
        #expect(base.appending("..").path == "/notes/%2E%2E")
        #expect(base.appending("é\r\n").path == "/notes/%C3%A9%0D%0A")
    }

    @Test("Query items are encoded and follow those of the base")
    func encodesQuery() throws {
        let url = try ServiceURL("https://h/n?k=1").querying([("external_id", "a b&c"), ("page", "1")])
        #expect(url.absolute == "https://h/n?k=1&external_id=a%20b%26c&page=1")
        #expect(try ServiceURL("https://h/n").querying([]).absolute == "https://h/n")
    }

    @Test("The reason never repeats what was written, which may be a key")
    func neverEchoes() {
        for text in ["canary-key", "https://canary-key@host/", "https://host/canary-key canary-key"] {
            let error = #expect(throws: ServiceURLError.self) { try ServiceURL(text) }
            #expect(error.map { !"\($0)".contains("canary") } == true)
        }
    }

    @Test("An endless address is refused")
    func bounded() {
        let error = #expect(throws: ServiceURLError.self) {
            try ServiceURL("https://host/" + String(repeating: "a", count: ServiceURL.maximumLength))
        }
        #expect(error?.reason == .tooLong)
    }
}
