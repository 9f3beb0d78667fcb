extension JSONParser {
    /// At the opening quote; ends behind the closing one.
    mutating func parseString() throws(JSONError) -> String {
        self.position += 1
        let start = self.position
        try self.skipPlainText()
        guard try self.peek() == UInt8(ascii: "\\") else {
            self.position += 1
            return self.text(start..<(self.position - 1))
        }
        var unescaped = [UInt8](self.bytes[start..<self.position])
        while try self.peek() != UInt8(ascii: "\"") {
            self.position += 1
            try self.parseEscape(into: &unescaped)
            let plain = self.position
            try self.skipPlainText()
            unescaped.append(contentsOf: self.bytes[plain..<self.position])
        }
        self.position += 1
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Stops at a quote or a backslash.
    private mutating func skipPlainText() throws(JSONError) {
        while true {
            switch try self.peek() {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case 0x00..<0x20: throw self.error("a control character in a string is not escaped")
            default: self.position += 1
            }
        }
    }

    /// Behind the backslash.
    private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
        let byte = try self.peek()
        self.position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: Array(String(Character(try self.parseScalar())).utf8))
        default: throw JSONError(.syntax, at: self.position - 1, "an unknown escape")
        }
    }

    /// Behind `\u`. Takes a second escape where the first is the first half of a surrogate pair.
    private mutating func parseScalar() throws(JSONError) -> Unicode.Scalar {
        let start = self.position
        let first = try self.parseHexadecimals()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        guard first < 0xDC00, try self.peek() == UInt8(ascii: "\\") else { throw Self.halfPair(at: start) }
        self.position += 1
        guard try self.peek() == UInt8(ascii: "u") else { throw Self.halfPair(at: start) }
        self.position += 1
        let second = try self.parseHexadecimals()
        let value = 0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(value) else {
            throw Self.halfPair(at: start)
        }
        return scalar
    }

    private static func halfPair(at offset: Int) -> JSONError {
        JSONError(.encoding, at: offset, "an escape names half a surrogate pair")
    }

    private mutating func parseHexadecimals() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexadecimal(try self.peek()) else {
                throw self.error("a hexadecimal digit is expected")
            }
            value = value << 4 | digit
            self.position += 1
        }
        return value
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
