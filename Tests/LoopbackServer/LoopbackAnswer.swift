/// What the server does with a request that has arrived.
package enum LoopbackAnswer: Sendable {
    /// A proper answer with `Content-Length`.
    case reply(status: Int, headers: [(String, String)] = [], body: String = "")
    /// These bytes as they are, then the connection closes.
    case bytes(String)
    /// These bytes as they are; the connection stays open and silent.
    case bytesThenSilence(String)
    /// Closes without a byte.
    case close
    /// Never answers.
    case silence

    package static func json(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> LoopbackAnswer {
        .reply(status: status, headers: [("Content-Type", "application/json")] + headers, body: body)
    }

    var bytes: String {
        switch self {
        case .reply(let status, let headers, let body):
            let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
            return "HTTP/1.1 \(status) Status\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        case .bytes(let bytes), .bytesThenSilence(let bytes):
            return bytes
        case .close, .silence:
            return ""
        }
    }

    var closes: Bool {
        switch self {
        case .bytes, .close: true
        case .reply, .bytesThenSilence, .silence: false
        }
    }
}
