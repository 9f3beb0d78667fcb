/// Turns frames into what a terminal is sent: only the lines that changed, in one piece.
///
/// No other screen and no scroll region are used, so that all text stays in the terminal's memory. A synchronised update
/// keeps terminals that know it from showing a half-drawn frame; the others ignore it.
package struct ScreenPainter: Sendable {
    private static let beginUpdate = "\u{1B}[?2026h"
    private static let endUpdate = "\u{1B}[?2026l"
    private static let hideCursor = "\u{1B}[?25l"
    private static let showCursor = "\u{1B}[?25h"
    // A character that is wider than we think is cut off at the edge and moves nothing.
    private static let wrapOff = "\u{1B}[?7l"
    private static let wrapOn = "\u{1B}[?7h"
    /// From the beginning of the cursor's line on.
    private static let clear = "\r\u{1B}[J"

    private let isColored: Bool
    /// Another program writes to the same terminal, so that what it shows is not known.
    private let isShared: Bool
    private var shown = ScreenFrame()
    private var size: ScreenSize?
    private var isUpdating = false
    package private(set) var isCursorHidden = false

    package init(isColored: Bool, isShared: Bool) {
        self.isColored = isColored
        self.isShared = isShared
    }

    package var isShown: Bool { !self.shown.lines.isEmpty }

    /// Everything is to be drawn anew.
    package mutating func forget() { self.size = nil }

    /// What makes the terminal show `frame`; empty when it does already.
    package mutating func paint(_ frame: ScreenFrame, in size: ScreenSize) -> String {
        defer { (self.shown, self.size) = (frame, size) }
        if frame.lines.isEmpty { return self.isShown || self.isUpdating ? self.erase() + self.endOfUpdate() : "" }
        let isSame = self.isShown && size == self.size && frame.lines.count == self.shown.lines.count
        let drawing = isSame && !self.isShared ? self.changes(to: frame) : self.whole(frame, in: size)
        guard !drawing.isEmpty || self.isUpdating else { return "" }
        let begin = (self.isCursorHidden ? "" : Self.hideCursor) + (self.isUpdating ? "" : Self.beginUpdate)
        (self.isCursorHidden, self.isUpdating) = (true, false)
        return begin + Self.wrapOff + drawing + Self.wrapOn + Self.endUpdate
    }

    /// Takes the frame away, for text that is to scroll up in its place. `paint` or `finish` must follow.
    package mutating func erase() -> String {
        guard self.isShown else { return "" }
        self.shown = ScreenFrame()
        let begin = self.isUpdating ? "" : Self.beginUpdate
        self.isUpdating = true
        return begin + Self.clear
    }

    /// Takes the frame away and leaves the terminal as it was.
    package mutating func finish() -> String {
        let end = self.erase() + self.endOfUpdate() + (self.isCursorHidden ? Self.showCursor : "")
        self.isCursorHidden = false
        return end
    }

    private mutating func endOfUpdate() -> String {
        defer { self.isUpdating = false }
        return self.isUpdating ? Self.endUpdate : ""
    }

    private func whole(_ frame: ScreenFrame, in size: ScreenSize) -> String {
        // Others write where the cursor rests: an empty line keeps our text from showing behind theirs.
        let space = self.isShared && frame.lines.count + 1 < size.rows ? [""] : []
        let lines = space + frame.lines.map { $0.rendered(isColored: self.isColored) }
        return Self.clear + lines.joined(separator: "\r\n") + Self.up(lines.count - 1) + "\r"
    }

    private func changes(to frame: ScreenFrame) -> String {
        var text = ""
        var row = 0
        for (index, line) in frame.lines.enumerated() where line != self.shown.lines[index] {
            if index > row { text += "\u{1B}[\(index - row)B" }
            row = index
            text += "\r" + line.rendered(isColored: self.isColored) + "\u{1B}[K"
        }
        return text.isEmpty ? "" : text + Self.up(row) + "\r"
    }

    private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }
}
