import StenoWire
import Testing

@Suite("UTF-8 validator")
struct UTF8ValidatorTests {
    @Test(
        "Well-formed text passes, whole and one byte at a time",
        arguments: ["", "abc", "κόσμε", "€😀\u{10FFFF}\0", "\u{D7FF}\u{E000}"]
    )
    func wellFormed(text: String) {
        #expect(self.faults(Array(text.utf8), pieces: .max) == nil)
        #expect(self.faults(Array(text.utf8), pieces: 1) == nil)
    }

    @Test(
        "The first byte that cannot be right is found, whole and one byte at a time",
        arguments: [
            ([0x80], 0), ([0x61, 0xC0, 0x80], 1), ([0xC1], 0), ([0xE0, 0x9F], 1), ([0xED, 0xA0, 0x80], 1),
            ([0xF0, 0x8F], 1), ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5], 0), ([0xFF], 0), ([0xE2, 0x82, 0x41], 2),
            ([0xF0, 0x9F, 0x98, 0xC0], 3), ([UInt8](repeating: 0x61, count: 19) + [0xBF], 19),
        ] as [([UInt8], Int)]
    )
    func malformed(bytes: [UInt8], offset: Int) {
        #expect(self.faults(bytes, pieces: .max) == offset)
        #expect(self.faults(bytes, pieces: 1) == offset)
    }

    @Test("Text that ends inside a character is not complete")
    func incomplete() {
        var validator = UTF8Validator()
        #expect(validator.isComplete)
        #expect([UInt8(0xE2)].withUnsafeBytes { validator.firstFault(in: $0) } == nil)
        #expect(!validator.isComplete)
    }

    @Test("Every scalar value is well formed")
    func everyScalar() {
        for value in stride(from: UInt32(0), through: 0x10_FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(self.faults(Array(String(Character(scalar)).utf8), pieces: 1) == nil)
        }
    }

    private func faults(_ bytes: [UInt8], pieces: Int) -> Int? {
        var validator = UTF8Validator()
        var start = 0
        while start < bytes.count {
            let end = min(start + min(pieces, bytes.count), bytes.count)
            let fault = bytes.withUnsafeBytes { buffer in
                validator.firstFault(in: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
            }
            if let fault { return start + fault }
            start = end
        }
        return nil
    }
}
