/// Makes text from outside safe to show: recognised speech and service texts may carry terminal escapes, and a
/// transcript must never be able to drive the reader's terminal.
package enum TerminalText {
    /// `text` with control characters made visible or removed.
    ///
    /// C0 characters and DEL become their Unicode pictures (ESC is `␛`), line breaks of every kind and tabs a space; other
    /// C1 characters and those that reorder text disappear: none of them is ever part of speech.
    package static func neutralised(_ text: String, keepingLineBreaks: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: Self.isDangerous) else { return text }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepingLineBreaks: safe.append(scalar)
            case 0x85, 0x2028, 0x2029: safe.append(keepingLineBreaks ? "\n" : " ")
            case 0x09, 0x0A, 0x0D: safe.append(" ")
            case 0x00..<0x20: safe.append(Unicode.Scalar(0x2400 + scalar.value) ?? " ")
            case 0x7F: safe.append("\u{2421}")
            default: if !Self.isDangerous(scalar) { safe.append(scalar) }
            }
        }
        return String(safe)
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
        default: false
        }
    }
}
