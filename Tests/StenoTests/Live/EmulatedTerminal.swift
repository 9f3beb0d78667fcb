import Steno

/// What a terminal shows after it was sent text with the escapes that we use, and with no others.
struct EmulatedTerminal {
    private(set) var size: ScreenSize
    /// Rows that scrolled away, oldest first.
    private(set) var memory: [String] = []
    private(set) var isCursorShown = true
    private(set) var isUpdating = false
    private(set) var isWrapping = true
    /// Escapes that it does not know.
    private(set) var unknown: [String] = []
    private(set) var row = 0
    private(set) var column = 0
    private var cells: [[String]]

    init(columns: Int = 80, rows: Int = 24) {
        self.size = ScreenSize(columns: columns, rows: rows)
        self.cells = Array(repeating: Self.blank(columns), count: rows)
    }

    /// The rows of the screen without the spaces at their ends, down to the last that has any text.
    var screen: [String] {
        var rows = self.cells.map(Self.text)
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    /// All that can be read, in memory and on the screen.
    var all: [String] { self.memory + self.screen }

    mutating func receive(_ text: String) {
        var rest = Substring(text)
        while let character = rest.first {
            if character == "\u{1B}" {
                self.escape(&rest)
            } else {
                rest.removeFirst()
                self.put(character)
            }
        }
    }

    /// As a window that is dragged: rows are cut or filled up, and rows that no longer fit scroll away.
    mutating func resize(columns: Int, rows: Int) {
        self.size = ScreenSize(columns: columns, rows: rows)
        self.cells = self.cells.map { Array(($0 + Self.blank(columns)).prefix(columns)) }
        while self.cells.count < rows { self.cells.append(Self.blank(columns)) }
        while self.cells.count > rows {
            if self.row < self.cells.count - 1 {
                self.cells.removeLast()
            } else {
                self.memory.append(Self.text(self.cells.removeFirst()))
                self.row -= 1
            }
        }
        self.column = min(self.column, columns - 1)
    }

    private mutating func put(_ character: Character) {
        switch character {
        case "\r\n":
            self.column = 0
            self.feedLine()
        // The line discipline makes it a carriage return too.
        case "\n":
            self.column = 0
            self.feedLine()
        case "\r": self.column = 0
        default: self.print(character)
        }
    }

    private mutating func print(_ character: Character) {
        let width = DisplayWidth.columns(of: character)
        if width == 0 {
            if self.column > 0 { self.cells[self.row][self.column - 1] += String(character) }
            return
        }
        if self.column + width > self.size.columns {
            if self.isWrapping {
                self.column = 0
                self.feedLine()
            } else {
                self.column = max(0, self.size.columns - width)
            }
        }
        self.cells[self.row][self.column] = String(character)
        if width == 2, self.column + 1 < self.size.columns { self.cells[self.row][self.column + 1] = "" }
        self.column += width
    }

    private mutating func feedLine() {
        if self.row < self.size.rows - 1 {
            self.row += 1
        } else {
            self.memory.append(Self.text(self.cells.removeFirst()))
            self.cells.append(Self.blank(self.size.columns))
        }
    }

    private mutating func escape(_ rest: inout Substring) {
        let isEnd: (Character) -> Bool = { $0.isLetter }
        guard rest.dropFirst().first == "[", let end = rest.firstIndex(where: isEnd) else {
            self.unknown.append(String(rest))
            rest = ""
            return
        }
        let parameters = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
        let code = parameters + String(rest[end])
        rest = rest[rest.index(after: end)...]
        let count = Int(parameters) ?? 1
        switch code {
        case "?25h", "?25l": self.isCursorShown = code.hasSuffix("h")
        case "?2026h", "?2026l": self.isUpdating = code.hasSuffix("h")
        case "?7h", "?7l": self.isWrapping = code.hasSuffix("h")
        case "J":
            self.clearLine()
            for row in self.row + 1..<max(self.row + 1, self.size.rows) {
                self.cells[row] = Self.blank(self.size.columns)
            }
        case "K": self.clearLine()
        case "0m", "2m", "31m", "33m", "1;31m": break
        case "\(count)A": self.row = max(0, self.row - count)
        case "\(count)B": self.row = min(self.size.rows - 1, self.row + count)
        default: self.unknown.append(String(code))
        }
    }

    private mutating func clearLine() {
        for column in min(self.column, self.size.columns)..<self.size.columns { self.cells[self.row][column] = " " }
    }

    private static func blank(_ columns: Int) -> [String] { Array(repeating: " ", count: columns) }

    private static func text(_ row: [String]) -> String {
        let text = row.joined()
        return String(text[..<(text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex)])
    }
}
