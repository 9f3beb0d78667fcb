import Glibc
import StenoCore

extension LiveScreen {
    private typealias Piece = ScreenLine.Piece

    /// Rows that trouble with the microphone may take, on screens that have so many.
    private static let alarmRows = 3
    private static let separator = " · "

    /// - Parameters:
    ///   - elapsed: seconds since the dictation began.
    ///   - isColored: looks can be told apart; otherwise brackets tell what may still change.
    package func frame(in size: ScreenSize, elapsed: Double, isColored: Bool) -> ScreenFrame {
        guard !self.isOver, self.state != .closed || !self.open.isEmpty else { return ScreenFrame() }
        // One column stays free: a full line would wrap on some terminals, and then it could not be redrawn.
        let columns = max(1, size.columns - 1)
        let rows = max(1, size.rows)
        let alarm = rows < 3 ? [] : self.alarm(columns: columns, rows: rows < 8 ? 1 : Self.alarmRows)
        // One row is left for what scrolls up, where there are enough.
        let limit = min(rows - 1, max(1, rows - 2 - alarm.count))
        let interim = limit > 0 ? self.interim(columns: columns, rows: limit, isColored: isColored) : []
        return ScreenFrame(alarm + interim + [self.status(columns: columns, elapsed: elapsed)])
    }

    /// What is wrong with the microphone, as long as it is.
    private func alarm(columns: Int, rows: Int) -> [ScreenLine] {
        guard let report = self.microphone, report.alarm > .none, !self.isPaused else { return [] }
        let look: ScreenLine.Look = report.alarm == .alarm ? .alarm : .warning
        let words = Self.visible(report.words)
        guard rows > 1 else { return [ScreenLine([Piece(Self.shortened(words, columns), look)])] }
        var text = WrappedText(columns: columns)
        text.append(words, look)
        return Array(text.newest(.max) { _ in "" }.prefix(rows))
    }

    /// The newest words of what is being said.
    private func interim(columns: Int, rows: Int, isColored: Bool) -> [ScreenLine] {
        var text = WrappedText(columns: columns)
        // What is much longer than the screen is not even looked at.
        var room = 4 * rows * columns
        var shown: [(stable: String, tentative: String)] = []
        for utterance in self.open.reversed() where room > 0 {
            let tentative = utterance.words.tentative.suffix(room)
            room -= tentative.count
            let stable = utterance.words.stable.suffix(room)
            room -= stable.count
            shown.append((TerminalText.neutralised(String(stable)), TerminalText.neutralised(String(tentative))))
        }
        for (stable, tentative) in shown.reversed() {
            text.append(stable, .plain)
            let words = tentative.drop { $0.isWhitespace }
            text.append(tentative[..<words.startIndex], .plain)
            if !words.isEmpty { text.append(isColored ? String(words) : "‹\(words)›", .dim) }
            text.endParagraph()
        }
        return text.newest(rows) { look in look == .dim && !isColored ? "…‹" : "…" }
    }

    /// As many parts as fit, the most important first.
    private func status(columns: Int, elapsed: Double) -> ScreenLine {
        let parts = self.parts(columns: columns, elapsed: elapsed)
        var line = ScreenLine()
        var used = 0
        for part in parts {
            let needed = DisplayWidth.columns(of: part.text) + (used == 0 ? 0 : Self.separator.count)
            guard used + needed <= columns else { break }
            if used > 0 { line.pieces.append(Piece(Self.separator, .dim)) }
            line.pieces.append(part)
            used += needed
        }
        if line.pieces.isEmpty, let first = parts.first {
            line.pieces = [Piece(Self.shortened(first.text, columns), first.look)]
        }
        return line
    }

    private func parts(columns: Int, elapsed: Double) -> [Piece] {
        let isNarrow = columns < 40
        var parts = [self.stateNow(isNarrow: isNarrow)]
        if let level = self.level {
            let bar = LevelBar.text(
                rms: Self.decibels(level.rms),
                peak: Self.decibels(level.peak),
                columns: isNarrow ? 5 : 10,
                isPlain: false
            )
            parts.append(Piece("[\(bar)]", level.peak >= 1 ? .alarm : .plain))
        }
        parts.append(Piece(ClockText.text(elapsed)))
        if let backlog = self.backlog {
            parts += backlog.words(self.state).map { Piece($0, backlog.isNoticed ? .warning : .plain) }
        }
        if self.gaps > 0 { parts.append(Piece(self.gaps == 1 ? "1 gap" : "\(self.gaps) gaps", .warning)) }
        if let device = self.device { parts.append(Piece(Self.visible(device), .dim)) }
        return parts
    }

    private func stateNow(isNarrow: Bool) -> Piece {
        if self.isPaused { return Piece("Paused", .warning) }
        if self.isConnectionLost { return Piece(isNarrow ? "No line" : "Connection lost", .warning) }
        return Piece(isNarrow ? self.state.word : self.state.words, self.state == .waiting ? .warning : .plain)
    }

    /// Below full scale.
    private static func decibels(_ fraction: Double) -> Double { fraction > 0 ? 20 * log10(fraction) : -.infinity }

    /// Without what drives a terminal, or cannot be seen.
    private static func visible(_ text: String) -> String {
        TerminalText.neutralised(text).filter { DisplayWidth.columns(of: $0) > 0 }
    }

    private static func shortened(_ text: String, _ columns: Int) -> String {
        guard DisplayWidth.columns(of: text) > columns else { return text }
        return DisplayWidth.prefix(text, columns: columns - 1) + "…"
    }
}

extension RecognitionState {
    /// For a narrow screen.
    fileprivate var word: String {
        switch self {
        case .connecting: "Connecting"
        case .waitingForReady: "Waiting"
        case .streaming: "Listening"
        case .draining: "Ending"
        case .summarising: "Summary"
        case .waiting: "Offline"
        case .closed: "Done"
        }
    }
}
