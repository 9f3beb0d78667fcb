import NIOCore
import Testing

@testable import StenoSandbox

@Suite("HTTP request reader")
struct HTTPRequestReaderTests {
    private func parts(_ pieces: [String]) throws -> [HTTPRequestReader.Part] {
        var reader = HTTPRequestReader()
        var parts: [HTTPRequestReader.Part] = []
        for piece in pieces {
            reader.append(ByteBuffer(string: piece))
            while let part = try reader.next() { parts.append(part) }
        }
        return parts
    }

    private func status(_ text: String) -> Int? {
        do {
            _ = try self.parts([text])
            return nil
        } catch {
            return (error as? HTTPRequestError)?.status
        }
    }

    @Test("A request reads the same whole and byte by byte")
    func everySplit() throws {
        let text =
            "POST /a%20b/c?x=1&y=%C3%A9+z HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nX-Two: a\r\nx-two:  b \r\n\r\nabc"
        for pieces in [[text], text.map(String.init)] {
            let parts = try self.parts(pieces)
            guard case .head(let head) = parts.first else {
                Issue.record("no head came first")
                return
            }
            #expect(head.method == "POST")
            #expect(head.path == "/a%20b/c")
            #expect(head.segments == ["a b", "c"])
            #expect(head.query == [HTTPField(name: "x", value: "1"), HTTPField(name: "y", value: "é z")])
            #expect(head.values("X-TWO") == ["a", "b"])
            #expect(head.only("x-two") == nil)
            #expect(self.body(parts) == "abc")
            #expect(parts.last == .end)
        }
    }

    @Test("A chunked body is put together, and the next request begins behind it")
    func chunked() throws {
        let text =
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
        for pieces in [[text + text], (text + text).map { String($0) }] {
            let parts = try self.parts(pieces)
            #expect(self.body(parts) == "abcdeabcde")
            #expect(parts.filter { $0 == .end }.count == 2)
        }
    }

    private func body(_ parts: [HTTPRequestReader.Part]) -> String {
        parts.reduce(into: "") { text, part in
            if case .body(let buffer) = part { text += String(buffer: buffer) }
        }
    }

    @Test(
        "What is no HTTP/1.1 request is refused, never repaired",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505),
            ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", 400),
            ("GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ]
    )
    func malformed(_ text: String, _ status: Int) {
        #expect(self.status(text) == status)
    }

    @Test("A head of more than 16 KiB or a hundred lines is refused")
    func tooLarge() {
        let filling = String(repeating: "a", count: 20_000)
        #expect(self.status("GET / HTTP/1.1\r\nHost: a\r\nX: \(filling)\r\n\r\n") == 431)
        #expect(self.status(filling) == 431)
        let lines = (0..<101).map { "X-\($0): y\r\n" }.joined()
        #expect(self.status("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n") == 431)
    }
}
