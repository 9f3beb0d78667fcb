/// Words a service sent: bounded, without control characters, and withheld from every log and error text, because
/// a service may repeat the key, a name or the transcript in them. Show them only to the person at the terminal.
package struct ServerText: Hashable, Sendable {
    /// Longer texts are cut: an error page is not an explanation.
    package static let maximumLength = 500

    private let text: String

    /// `nil` if nothing readable is left.
    package init?(_ text: String) {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Self.maximumLength) {
            let isControl =
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
            kept.append(isControl ? " " : scalar)
        }
        let words = String(kept).split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { return nil }
        self.text = words.joined(separator: " ")
    }

    package init?(bytes: [UInt8]) {
        self.init(String(decoding: bytes.prefix(Self.maximumLength * 4), as: UTF8.self))
    }

    /// Hands the words to `show`, for the one place that puts them on the screen.
    package func reveal<Result>(_ show: (String) throws -> Result) rethrows -> Result {
        try show(self.text)
    }
}

extension ServerText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "‹withheld›" }
    package var debugDescription: String { "‹withheld›" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
