package import StenoWire

/// Rows in the forms that people, pipes, spreadsheets and programs read. Every text in it may come from a far side, so
/// none can command a terminal or a spreadsheet.
package struct Listing: Sendable {
    package enum Form: Hashable, Sendable {
        /// Aligned, with a head, at most this many columns wide where that is possible.
        case table(columns: Int)
        /// One line for each row, its fields separated by tabs.
        case tabs
        /// One JSON object for each row, on a line of its own.
        case json
        /// RFC 4180 with a head.
        case csv
    }

    package struct Column: Hashable, Sendable {
        /// In the head of CSV.
        package var name: String
        /// In the head of a table.
        package var title: String
        /// Never shortened: what somebody will copy.
        package var isWhole: Bool

        package init(_ name: String, _ title: String, isWhole: Bool = false) {
            self.name = name
            self.title = title
            self.isWhole = isWhole
        }
    }

    package struct Row: Hashable, Sendable {
        /// One for each column.
        package var cells: [JSONValue]
        package var object: JSONValue

        /// - Parameter members: of the JSON object, behind its version.
        package init(_ cells: [JSONValue], members: [(String, JSONValue)]) {
            self.cells = cells
            self.object = .object((([("v", 1)]) + members).map { JSONMember(name: $0.0, value: $0.1) })
        }
    }

    package var columns: [Column]
    package var rows: [Row]

    package init(_ columns: [Column], rows: [Row]) {
        self.columns = columns
        self.rows = rows
    }

    package func text(_ form: Form) -> String {
        switch form {
        case .table(let columns): self.table(columns)
        case .tabs: self.rows.map { $0.cells.map { Self.line($0) }.joined(separator: "\t") + "\n" }.joined()
        case .json: self.rows.map { Self.safe($0.object).serialized() + "\n" }.joined()
        case .csv: ([self.columns.map { .string($0.name) }] + self.rows.map(\.cells)).map(Self.record).joined()
        }
    }

    // MARK: - Table

    /// Spaces between two columns.
    private static let gap = 2
    /// No column is made narrower than this.
    private static let narrowest = 8
    /// No column of running text is wider than this.
    private static let widest = 60

    private func table(_ columns: Int) -> String {
        guard !self.rows.isEmpty else { return "" }
        let lines = [self.columns.map(\.title)] + self.rows.map { $0.cells.map { Self.line($0) } }
        let widths = self.widths(lines, columns)
        return lines.map { cells in
            var text = ""
            for (index, cell) in cells.enumerated() {
                let fitted = Self.fitted(cell, widths[index])
                let padding = index + 1 < cells.count ? widths[index] - DisplayWidth.columns(of: fitted) + Self.gap : 0
                text += fitted + String(repeating: " ", count: max(0, padding))
            }
            while text.hasSuffix(" ") { text.removeLast() }
            return text + "\n"
        }.joined()
    }

    /// As wide as the contents, and then less where columns may be shortened, the widest first.
    private func widths(_ lines: [[String]], _ columns: Int) -> [Int] {
        var widths = self.columns.indices.map { index in
            let widest = lines.map { DisplayWidth.columns(of: $0[index]) }.max() ?? 0
            return self.columns[index].isWhole ? widest : min(widest, Self.widest)
        }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - columns
        while excess > 0 {
            let candidates = widths.indices.filter { !self.columns[$0].isWhole && widths[$0] > Self.narrowest }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func fitted(_ text: String, _ width: Int) -> String {
        guard DisplayWidth.columns(of: text) > width else { return text }
        return DisplayWidth.prefix(text, columns: width - 1) + "…"
    }

    /// On one line, without anything that moves a cursor.
    private static func line(_ cell: JSONValue) -> String { TerminalText.neutralised(Self.plain(cell)) }

    private static func plain(_ cell: JSONValue) -> String {
        switch cell {
        case .null: ""
        case .string(let text): text
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: String(Int64(number))
        case .bool, .integer, .number, .array, .object: cell.serialized()
        }
    }

    /// What JSON lets through and a terminal obeys is made harmless; line breaks are escaped by JSON itself.
    private static func safe(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(TerminalText.neutralised(text, keepingLineBreaks: true))
        case .array(let values): .array(values.map { Self.safe($0) })
        case .object(let members):
            .object(
                members.map { JSONMember(name: TerminalText.neutralised($0.name), value: Self.safe($0.value)) }
            )
        }
    }

    // MARK: - CSV

    private static func record(_ cells: [JSONValue]) -> String {
        cells.map { Self.field($0) }.joined(separator: ",") + "\r\n"
    }

    private static func field(_ cell: JSONValue) -> String {
        var text = TerminalText.neutralised(Self.plain(cell), keepingLineBreaks: true)
        if case .string = cell, Self.isFormula(text) { text = "'" + text }
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// A spreadsheet would run it. An apostrophe before it makes it text; numbers are ours and need none.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
    }
}
