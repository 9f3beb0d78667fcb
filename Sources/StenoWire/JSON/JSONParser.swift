/// Reads one JSON text. Strict RFC 8259; descends on the stack to a bounded depth; borrows the bytes while it runs.
struct JSONParser {
    let bytes: UnsafeRawBufferPointer
    let limits: JSONLimits
    var position = 0
    private var valuesLeft: Int

    init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        self.valuesLeft = limits.values
    }

    mutating func parse() throws(JSONError) -> JSONValue {
        guard self.bytes.count <= self.limits.bytes else {
            throw JSONError(.limit, at: self.limits.bytes, "longer than \(self.limits.bytes) bytes")
        }
        // Checked once for the whole text, so that strings need to look for their end only.
        var validator = UTF8Validator()
        if let fault = validator.firstFault(in: self.bytes) {
            throw JSONError(.encoding, at: fault, "not UTF-8")
        }
        guard validator.isComplete else { throw JSONError(.encoding, at: self.bytes.count, "ends inside a character") }
        self.skipWhitespace()
        let value = try self.parseValue(depth: 0)
        self.skipWhitespace()
        guard self.position == self.bytes.count else { throw self.error("text after the end of the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard self.valuesLeft > 0 else {
            throw JSONError(.limit, at: self.position, "more than \(self.limits.values) values")
        }
        self.valuesLeft -= 1
        switch try self.peek() {
        case UInt8(ascii: "{"): return try self.parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try self.parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try self.parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try self.parseNumber()
        case UInt8(ascii: "t"): return try self.parse("true", as: .bool(true))
        case UInt8(ascii: "f"): return try self.parse("false", as: .bool(false))
        case UInt8(ascii: "n"): return try self.parse("null", as: .null)
        default: throw self.error("a value is expected")
        }
    }

    private mutating func parse(_ word: StaticString, as value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard try self.peek() == word.utf8Start[index] else { throw self.error("a value is expected") }
            self.position += 1
        }
        return value
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        try self.enter(depth: depth)
        var values: [JSONValue] = []
        if try self.peek() == UInt8(ascii: "]") {
            self.position += 1
            return .array(values)
        }
        while true {
            values.append(try self.parseValue(depth: depth))
            if try self.closes(with: UInt8(ascii: "]")) { return .array(values) }
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        try self.enter(depth: depth)
        var members: [JSONMember] = []
        if try self.peek() == UInt8(ascii: "}") {
            self.position += 1
            return .object(members)
        }
        while true {
            guard try self.peek() == UInt8(ascii: "\"") else { throw self.error("a name in quotes is expected") }
            let name = try self.parseString()
            self.skipWhitespace()
            guard try self.peek() == UInt8(ascii: ":") else { throw self.error("a colon is expected") }
            self.position += 1
            self.skipWhitespace()
            members.append(JSONMember(name: name, value: try self.parseValue(depth: depth)))
            if try self.closes(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func enter(depth: Int) throws(JSONError) {
        guard depth <= self.limits.depth else {
            throw JSONError(.limit, at: self.position, "nested deeper than \(self.limits.depth) levels")
        }
        self.position += 1
        self.skipWhitespace()
    }

    /// After an element: `true` at the closing bracket, `false` after a comma.
    private mutating func closes(with bracket: UInt8) throws(JSONError) -> Bool {
        self.skipWhitespace()
        let byte = try self.peek()
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw self.error("a comma or the end is expected") }
        self.position += 1
        guard byte != bracket else { return true }
        self.skipWhitespace()
        return false
    }

    mutating func skipWhitespace() {
        while self.position < self.bytes.count {
            switch self.bytes[self.position] {
            case 0x20, 0x09, 0x0A, 0x0D: self.position += 1
            default: return
            }
        }
    }

    func peek() throws(JSONError) -> UInt8 {
        guard self.position < self.bytes.count else {
            throw JSONError(.truncated, at: self.position, "the text ends too early")
        }
        return self.bytes[self.position]
    }

    func error(_ reason: String) -> JSONError { JSONError(.syntax, at: self.position, reason) }

    /// The bytes of a range as text; they were checked by `parse`.
    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: self.bytes[range]), as: UTF8.self)
    }
}
