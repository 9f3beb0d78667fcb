import StenoCore

/// What only the world knows: what the service kept to itself, and what the machines did before.
struct Oracle {
    /// How often a connection heard a word and gave no sign of it: no text was ever going to come, or not in time.
    private var withheld: [Int: Int] = [:]
    /// Completed texts of these came through since this process began.
    private var arrived: Set<Int> = []
    /// Told without saying where: it may be told again, and nobody could know.
    private var unplaced: Set<Int> = []
    /// Words of completed utterances that are not marked, by name.
    var told: [Int] = []
    var total = SamplePosition.zero
    /// How often the word that begins there was given to connections that broke on it.
    var broken: [SamplePosition: Int] = [:]
    var hasUnplaced: Bool { !self.unplaced.isEmpty }

    mutating func learn(_ outcome: Ear.Outcome) {
        for word in outcome.withheld { self.withheld[word, default: 0] += 1 }
        for word in outcome.unplaced { self.unplaced.insert(word) }
    }

    /// What another process knows is what the disk kept.
    mutating func resume(_ memory: RecordingMemory) {
        self.told.removeAll()
        self.total = memory.coverage.total
        for utterance in memory.utterances where utterance.isConfirmed && !utterance.isDoubtful {
            Oracle.names(in: utterance.text) { self.tell($0) }
        }
    }

    mutating func tell(_ name: Int) {
        while self.told.count <= name { self.told.append(0) }
        self.told[name] += 1
    }

    /// A completed text came through: this process has no excuse for losing it.
    mutating func arrived(_ text: String) { Oracle.names(in: text) { self.arrived.insert($0) } }

    /// What a process knew dies with it, unless the disk has it.
    mutating func processDied() {
        self.arrived.removeAll()
        self.broken.removeAll()
    }

    /// So many connections heard the word and said nothing.
    func hearingsInVain(_ word: Int) -> Int { self.arrived.contains(word) ? 0 : self.withheld[word] ?? 0 }
    func isUnplaced(_ word: Int) -> Bool { self.unplaced.contains(word) }

    /// The names in a text of the service's making. Drafts may hold others, which are no words.
    static func names(in text: String, _ body: (Int) -> Void) {
        var name: Int?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "w"): name = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"): name = name.map { $0 * 10 + Int(byte) - 48 }
            case UInt8(ascii: " "):
                if let found = name { body(found) }
                name = nil
            default: name = nil
            }
        }
        if let found = name { body(found) }
    }
}
