import Glibc
import StenoWire

/// Lines for the person on standard error: plain, or one JSON object each for whoever collects logs.
package struct Notices: Sendable {
    package enum Form: Hashable, Sendable {
        case text(isColored: Bool)
        case json
    }

    package enum Level: String, Sendable {
        case info, warning, error
    }

    package let form: Form
    let descriptor: Int32
    /// Only warnings and errors are shown.
    private let isQuiet: Bool

    package init(form: Form, descriptor: Int32 = 2, isQuiet: Bool = false) {
        self.form = form
        self.descriptor = descriptor
        self.isQuiet = isQuiet
    }

    /// - Parameter columns: breaks lines for people between words, where a terminal would break words.
    package func write(_ text: String, _ level: Level = .info, columns: Int? = nil) {
        guard level != .info || !self.isQuiet else { return }
        let text = TerminalText.neutralised(text)
        switch self.form {
        case .text(let isColored):
            let prefix = Self.prefix(level, isColored: false)
            let lines = columns.map { WrappedText.lines(of: prefix + text, columns: $0) } ?? prefix + text
            self.send(Self.prefix(level, isColored: isColored) + lines.dropFirst(prefix.count))
        case .json: self.send(Self.json(level.rawValue, text, [:]))
        }
    }

    /// A log line as JSON; `fields` follow in the order of their names.
    package static func json(_ level: String, _ message: String, _ fields: [String: String]) -> String {
        JSONValue.object(
            [
                EventLine.safe("time", Self.time()), EventLine.safe("level", level),
                EventLine.safe("message", message),
            ] + fields.sorted { $0.key < $1.key }.map { EventLine.safe($0.key, $0.value) }
        ).serialized()
    }

    /// ISO 8601 in UTC, to the second.
    package static func time() -> String {
        var now = Glibc.time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func prefix(_ level: Level, isColored: Bool) -> String {
        switch level {
        case .info: ""
        case .warning: isColored ? "\u{1B}[33mwarning:\u{1B}[0m " : "warning: "
        case .error: isColored ? "\u{1B}[31msteno:\u{1B}[0m " : "steno: "
        }
    }

    /// What cannot be shown must not stop a dictation.
    private func send(_ line: String) {
        try? Descriptor.write(line + "\n", to: self.descriptor, path: "-")
    }
}
