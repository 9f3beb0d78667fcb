import Glibc

/// A body that is no `multipart/form-data` as RFC 7578 has it, or is beyond the bounds.
struct MultipartError: Error, Hashable {
    var reason: String
}

/// Cuts a form into its parts while it arrives. Holds no more than a part's head and the few bytes that may be the
/// beginning of a boundary, however large the parts are.
struct MultipartReader {
    /// Bytes of one part's head.
    static let headLimit = 8 * 1024
    static let partLimit = 32

    /// A part's head.
    struct Head: Hashable {
        var name: String
        var fileName: String?
        var contentType: String?
    }

    enum Event: Hashable {
        case part(Head)
        case data(ArraySlice<UInt8>)
        case partEnded
        case ended
    }

    private enum Stage {
        case data(isPreamble: Bool)
        /// Behind a boundary: `--` ends the form, a line end begins a part.
        case behindBoundary
        case head
        case epilogue
    }

    private let delimiter: [UInt8]
    private var stage = Stage.data(isPreamble: true)
    /// Begins as if a line end came before the first boundary, as before every other one.
    private var pending: [UInt8] = [13, 10]
    private var parts = 0

    /// - Parameter boundary: as the `Content-Type` names it.
    init(boundary: String) {
        self.delimiter = Array("\r\n--\(boundary)".utf8)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        self.pending.append(contentsOf: bytes)
    }

    /// - Returns: the next event, or `nil` until more bytes have come.
    mutating func next() throws(MultipartError) -> Event? {
        while true {
            switch self.stage {
            case .data(let isPreamble):
                return try self.readData(isPreamble: isPreamble)
            case .behindBoundary:
                guard self.pending.count >= 2 else { return nil }
                let mark = Array(self.pending.prefix(2))
                self.pending.removeFirst(2)
                if mark == Array("--".utf8) {
                    self.stage = .epilogue
                    return .ended
                }
                guard mark == [13, 10] else { throw MultipartError(reason: "a boundary is followed by other text") }
                self.stage = .head
            case .head:
                return try self.readHead()
            case .epilogue:
                guard self.pending.isEmpty || self.pending == [13] || self.pending == [13, 10] else {
                    throw MultipartError(reason: "something follows the last boundary")
                }
                return nil
            }
        }
    }

    private mutating func readData(isPreamble: Bool) throws(MultipartError) -> Event? {
        if let start = Self.find(self.delimiter, in: self.pending) {
            let data = self.pending[..<start]
            guard !isPreamble || data.isEmpty else { throw MultipartError(reason: "something precedes the boundary") }
            if !data.isEmpty {
                self.pending = Array(self.pending[start...])
                return .data(data)
            }
            self.pending.removeFirst(self.delimiter.count)
            self.stage = .behindBoundary
            return isPreamble ? try self.next() : .partEnded
        }
        let safe = self.pending.count - (self.delimiter.count - 1)
        guard safe > 0 else { return nil }
        guard !isPreamble else { throw MultipartError(reason: "the form does not begin with its boundary") }
        let data = self.pending[..<safe]
        self.pending = Array(self.pending[safe...])
        return .data(data)
    }

    private mutating func readHead() throws(MultipartError) -> Event? {
        guard let end = Self.find([13, 10, 13, 10], in: self.pending) else {
            guard self.pending.count <= Self.headLimit else {
                throw MultipartError(reason: "a part's head is too long")
            }
            return nil
        }
        self.parts += 1
        guard end <= Self.headLimit, self.parts <= Self.partLimit else {
            throw MultipartError(reason: "a part's head is too long, or there are more than 32 parts")
        }
        guard let text = String(validating: self.pending[..<end], as: UTF8.self) else {
            throw MultipartError(reason: "a part's head is no UTF-8")
        }
        self.pending.removeFirst(end + 4)
        self.stage = .data(isPreamble: false)
        return .part(try Self.head(text))
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = UnsafeRawPointer(bytes.baseAddress) else { return nil }
            var index = 0
            while index + pattern.count <= bytes.count {
                let room = bytes.count - pattern.count - index + 1
                guard let hit = memchr(base + index, Int32(pattern[0]), room) else { return nil }
                index = UnsafeRawPointer(hit) - base
                if memcmp(hit, pattern, pattern.count) == 0 { return index }
                index += 1
            }
            return nil
        }
    }

    private static func head(_ text: String) throws(MultipartError) -> Head {
        var head: Head?
        var contentType: String?
        for line in text.split(separator: "\r\n") {
            let name = line.prefix { $0 != ":" }
            guard name.endIndex < line.endIndex else { throw MultipartError(reason: "a part's head is malformed") }
            let value = line[line.index(after: name.endIndex)...].trimmed
            switch name.lowercased() {
            case "content-disposition": head = try Self.disposition(value)
            case "content-type": contentType = String(value)
            default: break
            }
        }
        guard var head else { throw MultipartError(reason: "a part has no Content-Disposition") }
        head.contentType = contentType
        return head
    }

    private static func disposition(_ value: Substring) throws(MultipartError) -> Head {
        guard value.lowercased().hasPrefix("form-data") else {
            throw MultipartError(reason: "a part is no form-data")
        }
        let parameters = HeaderParameters.parse(value)
        guard let name = parameters["name"], !name.isEmpty else { throw MultipartError(reason: "a part has no name") }
        return Head(name: name, fileName: parameters["filename"], contentType: nil)
    }
}

/// Parameters of a header value: `; name=value` and `; name="value"`.
enum HeaderParameters {
    static func parse(_ value: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = value.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            let text: String
            (text, rest) = rest.first == "\"" ? Self.quoted(rest.dropFirst()) : Self.plain(rest)
            parameters[name.trimmed.lowercased()] = text
            rest = rest.drop { $0 != ";" }
        }
        return parameters
    }

    private static func plain(_ rest: Substring) -> (String, Substring) {
        let text = rest.prefix { $0 != ";" }
        return (String(text.trimmed), rest[text.endIndex...])
    }

    private static func quoted(_ rest: Substring) -> (String, Substring) {
        var text = ""
        var rest = rest
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let escaped = rest.popFirst() {
                text.append(escaped)
            } else {
                text.append(character)
            }
        }
        return (text, rest)
    }
}
