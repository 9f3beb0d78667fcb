/// Reads the lines of a request's head. Strict: what RFC 9112 calls malformed is refused, never repaired.
enum HTTPHeadParser {
    /// - Parameter bytes: everything before the empty line.
    static func parse(_ bytes: [UInt8]) throws(HTTPRequestError) -> HTTPRequestHead {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HTTPRequestError(status: 400, reason: "the head is no UTF-8")
        }
        var lines = Self.lines(text)
        let (method, target) = try Self.requestLine(lines.removeFirst())
        guard lines.count <= HTTPRequestReader.fieldLimit else {
            throw HTTPRequestError(status: 431, reason: "there are more than 100 header lines")
        }
        var fields: [HTTPField] = []
        for line in lines {
            fields.append(try Self.field(line))
        }
        let path = target.prefix { $0 != "?" }
        var head = HTTPRequestHead(
            method: method,
            path: String(path),
            query: try Self.query(target.dropFirst(path.count + 1)),
            fields: fields,
            bodyLength: .none
        )
        guard head.values("host").count == 1 else {
            throw HTTPRequestError(status: 400, reason: "there is not exactly one Host line")
        }
        head.bodyLength = try Self.bodyLength(head)
        return head
    }

    /// Split at CR LF. A lone CR or LF stays inside its line, where it is then refused.
    private static func lines(_ text: String) -> [Substring] {
        // Swift sees CR LF as one Character, so no other line end can be meant.
        text.split(separator: "\r\n", omittingEmptySubsequences: false)
    }

    private static func requestLine(_ line: Substring) throws(HTTPRequestError) -> (method: String, target: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard
            words.count == 3, Self.isToken(words[0]), words[1].hasPrefix("/"),
            words[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else { throw HTTPRequestError(status: 400, reason: "the request line is malformed") }
        guard words[2] == "HTTP/1.1" else {
            throw HTTPRequestError(status: 505, reason: "only HTTP/1.1 is spoken here")
        }
        return (String(words[0]), words[1])
    }

    private static func field(_ line: Substring) throws(HTTPRequestError) -> HTTPField {
        let name = line.prefix { $0 != ":" }
        guard Self.isToken(name), name.endIndex < line.endIndex else {
            throw HTTPRequestError(status: 400, reason: "a header line is malformed")
        }
        let value = line[line.index(after: name.endIndex)...].trimmed
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw HTTPRequestError(status: 400, reason: "a header value has control characters")
        }
        return HTTPField(name: String(name), value: String(value))
    }

    private static func query(_ text: Substring) throws(HTTPRequestError) -> [HTTPField] {
        var pairs: [HTTPField] = []
        for pair in text.split(separator: "&") {
            let encoded = pair.prefix { $0 != "=" }
            guard
                let name = Percent.decoded(encoded, plusIsSpace: true),
                let value = Percent.decoded(pair.dropFirst(encoded.count + 1), plusIsSpace: true)
            else { throw HTTPRequestError(status: 400, reason: "the query is malformed") }
            pairs.append(HTTPField(name: name, value: value))
        }
        return pairs
    }

    private static func bodyLength(_ head: HTTPRequestHead) throws(HTTPRequestError) -> HTTPBodyLength {
        let lengths = head.values("content-length")
        let codings = head.values("transfer-encoding")
        switch (lengths.count, codings.count) {
        case (0, 0):
            return .none
        case (1, 0):
            guard
                (1...HTTPRequestReader.lengthDigits).contains(lengths[0].utf8.count),
                lengths[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let length = Int(lengths[0])
            else { throw HTTPRequestError(status: 400, reason: "Content-Length is no number") }
            return .known(length)
        case (0, 1) where codings[0].lowercased() == "chunked":
            return .chunked
        case (_, _):
            throw HTTPRequestError(status: 400, reason: "the length of the body is ambiguous")
        }
    }

    /// RFC 9110 `token`.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
