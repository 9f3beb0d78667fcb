/// Text broken into rows of a given width, at spaces where there are any.
struct WrappedText {
    private struct Cell {
        var character: Character
        var columns: Int
        var look: ScreenLine.Look
    }

    /// A character may carry any number of marks; no script needs more than these scalars.
    private static let longestCharacter = 16

    /// Of each row; at least 1.
    private let columns: Int
    private var rows: [[Cell]] = []
    private var row: [Cell] = []
    /// Columns that `row` takes.
    private var used = 0
    /// Behind the last space of `row`.
    private var breakpoint = 0

    init(columns: Int) {
        self.columns = max(1, columns)
    }

    /// `text` with line breaks so that no line is wider than `columns`.
    static func lines(of text: String, columns: Int) -> String {
        var wrapped = WrappedText(columns: columns)
        wrapped.append(text, .plain)
        return wrapped.newest(.max) { _ in "" }.map(\.text).joined(separator: "\n")
    }

    mutating func append(_ text: some StringProtocol, _ look: ScreenLine.Look) {
        for character in text { self.append(character, look) }
    }

    mutating func endParagraph() {
        if !self.row.isEmpty { self.endRow(at: self.row.count) }
    }

    /// The last rows, at most `limit`. Where earlier ones are left out, `mark` stands before the first.
    func newest(_ limit: Int, mark: (ScreenLine.Look) -> String) -> [ScreenLine] {
        var rows = self.rows + (self.row.isEmpty ? [] : [self.row])
        guard rows.count > limit else { return rows.map(Self.line) }
        rows = rows.suffix(max(0, limit))
        guard var first = rows.first, let look = first.first?.look else { return rows.map(Self.line) }
        let text = mark(look)
        guard DisplayWidth.columns(of: text) < self.columns else { return rows.map(Self.line) }
        let marks = text.map { Cell(character: $0, columns: DisplayWidth.columns(of: $0), look: look) }
        var used = (marks + first).reduce(0) { $0 + $1.columns }
        while used > self.columns, !first.isEmpty { used -= first.removeFirst().columns }
        rows[0] = marks + first
        return rows.map(Self.line)
    }

    private mutating func append(_ character: Character, _ look: ScreenLine.Look) {
        var character = character
        if character.unicodeScalars.count > Self.longestCharacter {
            var scalars = String.UnicodeScalarView()
            scalars.append(contentsOf: character.unicodeScalars.prefix(Self.longestCharacter))
            character = String(scalars).first ?? " "
        }
        var columns = DisplayWidth.columns(of: character)
        if columns > self.columns { (character, columns) = ("?", 1) }
        // A mark that belongs to no letter, or a character that only steers others: there is nothing to see.
        guard columns > 0 else { return }
        let isSpace = character.isWhitespace
        while self.used + columns > self.columns, !self.row.isEmpty {
            self.endRow(at: isSpace || self.breakpoint == 0 ? self.row.count : self.breakpoint)
        }
        // A space at a break would only indent.
        if isSpace, self.row.isEmpty { return }
        self.row.append(Cell(character: isSpace ? " " : character, columns: columns, look: look))
        self.used += columns
        if isSpace { self.breakpoint = self.row.count }
    }

    private mutating func endRow(at end: Int) {
        var ended = self.row.prefix(end)
        while ended.last?.character == " " { ended.removeLast() }
        if !ended.isEmpty { self.rows.append(Array(ended)) }
        self.row.removeFirst(end)
        self.used = self.row.reduce(0) { $0 + $1.columns }
        self.breakpoint = 0
    }

    private static func line(of row: [Cell]) -> ScreenLine {
        var line = ScreenLine()
        for cell in row {
            if let last = line.pieces.last, last.look == cell.look {
                line.pieces[line.pieces.count - 1].text.append(cell.character)
            } else {
                line.pieces.append(ScreenLine.Piece(String(cell.character), cell.look))
            }
        }
        return line
    }
}
