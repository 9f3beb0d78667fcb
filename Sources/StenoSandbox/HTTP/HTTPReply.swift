import NIOCore
import StenoWire

/// One answer, and how it goes out. A fault is a property of the answer, so that a service decides everything in one place.
struct HTTPReply: Sendable {
    /// What happens to the bytes of the answer.
    enum Transport: Hashable, Sendable {
        case whole
        /// The connection ends without a byte of the answer.
        case cutBefore
        /// Half of the body is sent, then the connection ends.
        case cutMidway
        /// The connection is reset without a byte of the answer.
        case reset
        /// Nothing is sent and the connection stays open.
        case hang
        /// The body goes out in single bytes, this long apart.
        case slow(TimeAmount)
    }

    var status: Int
    var fields: [HTTPField] = []
    var body: [UInt8] = []
    /// How long the service pretends to work before it answers.
    var delay: TimeAmount = .zero
    var transport = Transport.whole
    /// The connection ends after this answer.
    var closes = false

    init(status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    static func json(_ status: Int, _ value: JSONValue) -> HTTPReply {
        HTTPReply(
            status: status,
            fields: [HTTPField(name: "Content-Type", value: "application/json")],
            body: Array(value.serialized().utf8)
        )
    }

    static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> HTTPReply {
        HTTPReply(
            status: status,
            fields: [HTTPField(name: "Content-Type", value: type)],
            body: Array(text.utf8)
        )
    }

    /// An error page as a gateway in front of the service would write it.
    static func html(_ status: Int) -> HTTPReply {
        .text(status, "<html><body><h1>\(status)</h1></body></html>\n", type: "text/html")
    }

    func after(_ delay: TimeAmount) -> HTTPReply {
        var reply = self
        reply.delay = delay
        return reply
    }

    func with(_ name: String, _ value: String) -> HTTPReply {
        var reply = self
        reply.fields.append(HTTPField(name: name, value: value))
        return reply
    }

    func sent(_ transport: Transport) -> HTTPReply {
        var reply = self
        reply.transport = transport
        return reply
    }

    /// The head as bytes, empty line included.
    func head(closing: Bool) -> ByteBuffer {
        var text = "HTTP/1.1 \(self.status) \(Self.reason(self.status))\r\n"
        for field in self.fields {
            text += "\(field.name): \(field.value)\r\n"
        }
        // Neither a switch of protocols nor "no content" may carry a length.
        if self.status != 101, self.status != 204 {
            text += "Content-Length: \(self.body.count)\r\n"
        }
        if closing {
            text += "Connection: close\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    static func reason(_ status: Int) -> String {
        switch status {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 200: "OK"
        case 201: "Created"
        case 204: "No Content"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
