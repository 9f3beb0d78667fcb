/// One header line of a request, as it was sent.
struct HTTPField: Hashable, Sendable {
    var name: String
    var value: String
}

/// How the end of a request's body is found.
enum HTTPBodyLength: Hashable, Sendable {
    case none
    case known(Int)
    case chunked
}

/// The first lines of a request, checked as far as HTTP itself goes. What a service demands is checked by the service.
struct HTTPRequestHead: Hashable, Sendable {
    var method: String
    /// Percent-encoded, without the query.
    var path: String
    /// Decoded name and value pairs, in the order sent.
    var query: [HTTPField]
    var fields: [HTTPField]
    var bodyLength: HTTPBodyLength

    /// Values of every line of that name, in order. Names are compared without regard to case.
    func values(_ name: String) -> [String] {
        let wanted = name.lowercased()
        return self.fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// The value, if exactly one line has that name.
    func only(_ name: String) -> String? {
        let values = self.values(name)
        return values.count == 1 ? values[0] : nil
    }

    func has(_ name: String) -> Bool { !self.values(name).isEmpty }

    func query(_ name: String) -> String? { self.query.first { $0.name == name }?.value }

    /// Segments of the path, percent-decoded; `nil` when an escape is malformed or no UTF-8.
    var segments: [String]? {
        var segments: [String] = []
        for part in self.path.split(separator: "/", omittingEmptySubsequences: true) {
            guard let segment = Percent.decoded(part, plusIsSpace: false) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The media type of `Content-Type`, in lower case and without its parameters.
    var mediaType: String? {
        guard let value = self.only("content-type") else { return nil }
        return value.prefix { $0 != ";" }.trimmed.lowercased()
    }

    /// Whether the caller asks for the connection to end after the answer.
    var closesConnection: Bool {
        self.values("connection").contains { value in
            value.split(separator: ",").contains { $0.trimmed.lowercased() == "close" }
        }
    }
}

/// Percent escapes of paths and queries.
enum Percent {
    /// - Returns: `nil` for an escape that is cut short, not hexadecimal, or gives no UTF-8.
    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard
                    let high = rest.popFirst().flatMap(Self.digit),
                    let low = rest.popFirst().flatMap(Self.digit)
                else { return nil }
                bytes.append(high << 4 | low)
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                bytes.append(UInt8(ascii: " "))
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: Substring { self[...].trimmed }
}
