extension ChaosLine {
    /// How a line is written for `steno-chaos`.
    package static let forms = """
        FATE@BYTES[:server][/SECONDS] with FATE one of reset, close, half, hole, stall, down, refuse;
        segment=BYTES, cut=BYTES, rate=BITS (of the client, a second), delay=SECONDS; joined by commas; or clean
        """

    /// - Returns: `nil` when the text is no line.
    package init?(_ text: String) {
        self.init()
        guard text != "clean" else { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard self.takeShape(part) || self.takeFate(part) else { return nil }
        }
    }

    private mutating func takeShape(_ text: Substring) -> Bool {
        let words = text.split(separator: "=", maxSplits: 1)
        guard words.count == 2 else { return false }
        if words[0] == "delay" {
            self.delay = Self.time(words[1])
            return self.delay != nil
        }
        guard let number = Int(words[1]), number > 0 else { return false }
        switch words[0] {
        case "segment": self.segment = number
        case "cut": self.cut = number
        case "rate": self.bitsPerSecond = number
        default: return false
        }
        return true
    }

    private mutating func takeFate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1)
        let words = (parts.first ?? "").split(separator: "@", maxSplits: 1)
        let time = parts.count > 1 ? Self.time(parts[1]) : nil
        guard words.count == 2, parts.count == 1 || time != nil else { return false }
        let place = words[1].split(separator: ":", maxSplits: 1)
        guard let bytes = place.first.flatMap({ Int($0) }), bytes >= 0 else { return false }
        guard let side = place.count > 1 ? Side(rawValue: String(place[1])) : .client else { return false }
        guard let fate = Self.fate(words[0], time) else { return false }
        (self.fate, self.bytes, self.side) = (fate, bytes, side)
        return true
    }

    private static func fate(_ name: Substring, _ time: Duration?) -> Fate? {
        switch name {
        case "reset": .reset
        case "close": .close
        case "half": .halfClose
        case "hole": .blackHole(time)
        case "stall": .stopReading(time)
        case "down": time.map { .linkDown($0) }
        case "refuse": time.map { .refusal($0) }
        default: nil
        }
    }

    private static func time(_ text: Substring) -> Duration? {
        // A day is longer than any trial and far from an overflow.
        guard let seconds = Double(text), (0...86_400).contains(seconds) else { return nil }
        return .seconds(seconds)
    }
}
