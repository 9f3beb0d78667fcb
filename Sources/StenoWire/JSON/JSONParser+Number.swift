extension JSONParser {
    /// 10^0...10^22, the powers of ten that a double holds exactly.
    private static let exactPowers: [Double] = (0...22).map { exponent in
        (0..<exponent).reduce(1.0) { power, _ in power * 10 }
    }

    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = self.position
        var isExact = true
        var digits: UInt64 = 0
        let isNegative = self.bytes[start] == UInt8(ascii: "-")
        if isNegative { self.position += 1 }
        let hasLeadingZero = try self.peek() == UInt8(ascii: "0")
        let whole = try self.parseDigits(into: &digits, isExact: &isExact)
        guard whole == 1 || !hasLeadingZero else {
            throw JSONError(.syntax, at: start, "a number begins with a needless zero")
        }
        var fraction = 0
        if self.skip(UInt8(ascii: "."), or: UInt8(ascii: ".")) {
            fraction = try self.parseDigits(into: &digits, isExact: &isExact)
        }
        var hasExponent = false
        if self.skip(UInt8(ascii: "e"), or: UInt8(ascii: "E")) {
            hasExponent = true
            _ = self.skip(UInt8(ascii: "+"), or: UInt8(ascii: "-"))
            var ignored: UInt64 = 0
            var ignoredToo = true
            _ = try self.parseDigits(into: &ignored, isExact: &ignoredToo)
        }
        if fraction == 0, !hasExponent, isExact, let integer = Self.integer(digits, isNegative: isNegative) {
            return .integer(integer)
        }
        // Both are exact, so their quotient is rounded once, as the standard library would. Word times come this way.
        if !hasExponent, isExact, digits < 1 << 53, fraction < Self.exactPowers.count {
            let magnitude = Double(digits) / Self.exactPowers[fraction]
            return .number(isNegative ? -magnitude : magnitude)
        }
        guard let value = Double(self.text(start..<self.position)), value.isFinite else {
            throw JSONError(.number, at: start, "a number is too large")
        }
        return .number(value)
    }

    /// One digit or more. Returns how many; `digits` takes them on while it can hold them.
    private mutating func parseDigits(into digits: inout UInt64, isExact: inout Bool) throws(JSONError) -> Int {
        let start = self.position
        while self.position < self.bytes.count {
            let digit = self.bytes[self.position] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            let (tens, isTooLarge) = digits.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.addingReportingOverflow(UInt64(digit))
            isExact = isExact && !isTooLarge && !overflows
            digits = sum
            self.position += 1
        }
        guard self.position > start else {
            _ = try self.peek()
            throw self.error("a digit is expected")
        }
        return self.position - start
    }

    private mutating func skip(_ byte: UInt8, or other: UInt8) -> Bool {
        guard self.position < self.bytes.count,
            self.bytes[self.position] == byte || self.bytes[self.position] == other
        else { return false }
        self.position += 1
        return true
    }

    private static func integer(_ magnitude: UInt64, isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }
}
