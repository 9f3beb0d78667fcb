/// How many terminal columns text takes, near enough to keep one line one line. In doubt it counts too many: a short
/// line is ugly, a wrapped one cannot be redrawn.
package enum DisplayWidth {
    package static func columns(of text: String) -> Int {
        text.reduce(0) { $0 + Self.columns(of: $1) }
    }

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

    /// The end of `text` that fits into `columns`, behind an ellipsis when something is left out.
    package static func suffix(_ text: String, columns: Int) -> String {
        guard Self.columns(of: text) > columns else { return text }
        var left = columns - 1
        var start = text.endIndex
        while left > 0, start > text.startIndex {
            let index = text.index(before: start)
            left -= Self.columns(of: text[index])
            guard left >= 0 else { break }
            start = index
        }
        return columns > 0 ? "…" + text[start...] : ""
    }

    package static func columns(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.contains(where: { $0.value == 0xFE0F || $0.properties.isEmojiPresentation }) { return 2 }
        if Self.isWide(first) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }

    /// After Unicode's East Asian Width, in ranges that are a little too large.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF, 0x1F1E6...0x1F1FF, 0x1F300...0x1FAFF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
