/// What a screen shows: lines that are shorter than the screen is wide, and no more of them than it has rows.
///
/// The cursor rests, unseen, at the beginning of the first line. There, whatever the terminal or another program does
/// (wrap lines anew after a change of size, write a line of its own) leaves all of the frame below the cursor, where it
/// can be cleared.
package struct ScreenFrame: Hashable, Sendable {
    package var lines: [ScreenLine]

    package init(_ lines: [ScreenLine] = []) {
        self.lines = lines
    }
}

/// One line of a frame: pieces of text with a look.
package struct ScreenLine: Hashable, Sendable {
    package enum Look: Hashable, Sendable {
        case plain
        /// May still change, or matters less.
        case dim
        case warning
        case alarm
    }

    package struct Piece: Hashable, Sendable {
        package var text: String
        package var look: Look

        package init(_ text: String, _ look: Look = .plain) {
            self.text = text
            self.look = look
        }
    }

    package var pieces: [Piece]

    package init(_ pieces: [Piece] = []) {
        self.pieces = pieces
    }

    package var text: String { self.pieces.map(\.text).joined() }

    /// With the escapes for its looks.
    package func rendered(isColored: Bool) -> String {
        guard isColored else { return self.text }
        return self.pieces.map { piece in
            switch piece.look {
            case .plain: piece.text
            case .dim: "\u{1B}[2m\(piece.text)\u{1B}[0m"
            case .warning: "\u{1B}[33m\(piece.text)\u{1B}[0m"
            case .alarm: "\u{1B}[1;31m\(piece.text)\u{1B}[0m"
            }
        }.joined()
    }
}
