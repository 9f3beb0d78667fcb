/// How many terminal columns text takes, near enough to keep one line one line.
package enum DisplayWidth {
    /// The longest beginning of `text` that fits into `columns`.
    package static func prefix(_ text: String, columns: Int) -> String {
        var left = columns
        var end = text.startIndex
        for index in text.indices {
            left -= Self.columns(of: text[index])
            guard left >= 0 else { break }
            end = text.index(after: index)
        }
        return String(text[..<end])
    }

    /// East Asian wide characters and emoji take two columns, combining marks none. Ranges after Unicode's East Asian Width.
    private static func columns(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
