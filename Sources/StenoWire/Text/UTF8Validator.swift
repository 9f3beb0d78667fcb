/// Checks that bytes are well-formed UTF-8 while they arrive, and says so at the first byte that cannot be right.
///
/// A text message may be cut anywhere, also inside a character, so the state is what the next byte may be. Overlong
/// forms, surrogates and values above U+10FFFF are refused at their second byte (Unicode 15, table 3-7).
package struct UTF8Validator: Sendable {
    /// Continuation bytes the open character still needs.
    private var missing = 0
    /// The range of the next continuation byte; narrower than 80...BF after E0, ED, F0 and F4.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    package init() {}

    /// No character is open: the text may end here.
    package var isComplete: Bool { self.missing == 0 }

    /// Takes the next bytes of the text. Returns the offset of the first byte that cannot be right, `nil` if there is none.
    package mutating func firstFault(in bytes: UnsafeRawBufferPointer) -> Int? {
        var offset = 0
        while offset < bytes.count {
            if self.missing == 0 {
                offset = Self.endOfASCII(in: bytes, from: offset)
                guard offset < bytes.count else { return nil }
            }
            guard self.accept(bytes[offset]) else { return offset }
            offset += 1
        }
        return nil
    }

    private mutating func accept(_ byte: UInt8) -> Bool {
        if self.missing > 0 {
            guard byte >= self.lowest, byte <= self.highest else { return false }
            self.missing -= 1
            self.expect(0x80...0xBF, missing: self.missing)
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: self.expect(0x80...0xBF, missing: 1)
        case 0xE0: self.expect(0xA0...0xBF, missing: 2)
        case 0xED: self.expect(0x80...0x9F, missing: 2)
        case 0xE1...0xEF: self.expect(0x80...0xBF, missing: 2)
        case 0xF0: self.expect(0x90...0xBF, missing: 3)
        case 0xF1...0xF3: self.expect(0x80...0xBF, missing: 3)
        case 0xF4: self.expect(0x80...0x8F, missing: 3)
        default: return false
        }
        return true
    }

    private mutating func expect(_ range: ClosedRange<UInt8>, missing: Int) {
        self.missing = missing
        self.lowest = range.lowerBound
        self.highest = range.upperBound
    }

    /// Eight bytes at a time, because almost all of what a service says is ASCII, and because a debug build must carry
    /// messages of many megabytes too.
    private static func endOfASCII(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset + 8 <= bytes.count,
            bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            offset += 8
        }
        while offset < bytes.count, bytes[offset] < 0x80 {
            offset += 1
        }
        return offset
    }
}
