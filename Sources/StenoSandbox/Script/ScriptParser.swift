import StenoCore

// A session file, line by line. Leading blanks mean nothing; '#' begins a comment line; times are seconds.
//
//     audio PATH                  the audio the times belong to, beside this file (16 kHz mono 16-bit WAV)
//     fault NAME=VALUE[@N]        a switch of the server that plays this session
//     utterance                   begins an utterance; what follows belongs to it
//       START END WORD            a word, punctuation attached
//       interims each|none|N      an interim for each word (the default), for none, for every N words
//       interim TIME TEXT         one more interim, which says TEXT
//       final TIME [TEXT]         completed at TIME, not 0.7 s after the last word; with TEXT, if given, in place of the
//                                 words; TEXT "-" completes it with nothing
//       final never               stays open
//       again TIME                the completed utterance is sent once more
//       late TIME TEXT            an interim after the completion
//     information TIME            begins what is found at TIME; what follows belongs to it
//       coding SYSTEM CODE TEXT
//       resource LINK ORIGIN [TEXT]
//       measurement VALUE UNIT TEXT
//
// Interims, completions and repetitions are released by the audio, as words are: none comes before the audio of its time.

/// Reads session files. Errors name the file and the line.
struct ScriptParser {
    /// Lines beyond this are no conversation.
    static let lineLimit = 100_000

    private enum Section { case top, utterance, information }

    private let file: String
    private var line = 0
    private var section = Section.top
    private(set) var session: ScriptedSession
    /// Named by the file; the caller loads it.
    private(set) var audioPath: String?

    private init(file: String, name: String) {
        self.file = file
        self.session = ScriptedSession(name: name)
    }

    /// - Parameter file: the name for errors.
    static func parse(_ text: String, file: String, name: String) throws(SandboxError) -> ScriptParser {
        var parser = ScriptParser(file: file, name: name)
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            parser.line += 1
            guard parser.line <= Self.lineLimit else { throw parser.error("is one of more than 100,000 lines") }
            try parser.read(line)
        }
        try parser.checkUtterances()
        return parser
    }

    private mutating func read(_ line: Substring) throws(SandboxError) {
        var words = ScriptWords(line)
        guard let first = words.next(), !first.hasPrefix("#") else { return }
        switch first {
        case "audio":
            guard self.audioPath == nil else { throw self.error("names a second audio file") }
            self.audioPath = try self.rest(&words, of: "a path")
        case "fault":
            let text = try self.rest(&words, of: "NAME=VALUE")
            var faults = SandboxFaults()
            do {
                try faults.apply(text)
            } catch {
                throw self.error("is wrong: \(error)")
            }
            self.session.faults.append(text)
        case "utterance":
            self.section = .utterance
            self.session.utterances.append(ScriptedUtterance(words: []))
            try self.end(&words)
        case "information":
            self.section = .information
            let time = try self.time(words.next())
            self.session.information.append(ScriptedInformation(time: time, information: Information()))
            try self.end(&words)
        default:
            try self.readDetail(first, &words)
        }
    }

    private mutating func readDetail(_ first: Substring, _ words: inout ScriptWords) throws(SandboxError) {
        switch self.section {
        case .top:
            throw self.error("begins with '\(first)'; expected audio, fault, utterance or information")
        case .utterance:
            try self.readUtteranceLine(first, &words)
        case .information:
            try self.readInformationLine(first, &words)
        }
    }

    private mutating func readUtteranceLine(_ first: Substring, _ words: inout ScriptWords) throws(SandboxError) {
        let current = self.session.utterances.count - 1
        switch first {
        case "interims":
            self.session.utterances[current].interims = try self.interims(words.next())
        case "final":
            guard let second = words.next() else { throw self.error("needs a time or 'never'") }
            guard second != "never" else {
                self.session.utterances[current].completion = .never
                break
            }
            self.session.utterances[current].completion = .at(try self.time(second))
            if let text = words.rest() {
                self.session.utterances[current].completedText = text == "-" ? "" : text
            }
        case "interim", "late":
            let time = try self.time(words.next())
            let text = try self.rest(&words, of: "a text")
            self.session.utterances[current].messages.append(
                .init(time: time, kind: first == "late" ? .late(text) : .interim(text))
            )
        case "again":
            self.session.utterances[current].messages.append(.init(time: try self.time(words.next()), kind: .again))
        default:
            let start = try self.time(first)
            let end = try self.time(words.next())
            let text = try self.rest(&words, of: "a word")
            guard end >= start else { throw self.error("has a word that ends before it begins") }
            if let former = self.session.utterances[current].words.last, start < former.start {
                throw self.error("has a word that begins before the one above it")
            }
            self.session.utterances[current].words.append(.init(text: text, start: start, end: end))
        }
        try self.end(&words)
    }

    private mutating func readInformationLine(_ first: Substring, _ words: inout ScriptWords) throws(SandboxError) {
        let current = self.session.information.count - 1
        guard let second = words.next().map(String.init), let third = words.next().map(String.init) else {
            throw self.error("needs two words and a text after '\(first)'")
        }
        let text = words.rest() ?? ""
        switch first {
        case "coding":
            self.session.information[current].information.codings
                .append(.init(system: second, code: third, description: text))
        case "resource":
            self.session.information[current].information.resources
                .append(.init(link: second, description: text, origin: third))
        case "measurement":
            self.session.information[current].information.measurements
                .append(.init(description: text, value: second, unit: third))
        default:
            throw self.error("begins with '\(first)'; expected coding, resource or measurement")
        }
    }

    private func checkUtterances() throws(SandboxError) {
        for (index, utterance) in self.session.utterances.enumerated() where utterance.words.isEmpty {
            throw SandboxError("\(self.file): utterance \(index + 1) has no word. Write START END WORD lines below it.")
        }
    }

    private func interims(_ word: Substring?) throws(SandboxError) -> ScriptedUtterance.Interims {
        switch word {
        case "each": return .every(1)
        case "none": return .none
        default:
            guard let count = word.flatMap({ Int($0) }), count > 0 else {
                throw self.error("needs 'each', 'none' or a count of words")
            }
            return .every(count)
        }
    }

    /// Seconds, from zero to a day.
    private func time(_ word: Substring?) throws(SandboxError) -> Double {
        guard let word else { throw self.error("lacks a time") }
        guard let time = Double(word), time >= 0, time <= 86_400 else {
            throw self.error("has '\(word)' where a time in seconds is expected")
        }
        return time
    }

    private func rest(_ words: inout ScriptWords, of kind: String) throws(SandboxError) -> String {
        guard let text = words.rest() else { throw self.error("lacks \(kind)") }
        return text
    }

    private func end(_ words: inout ScriptWords) throws(SandboxError) {
        if let text = words.rest() { throw self.error("has '\(text)' behind its end") }
    }

    private func error(_ what: String) -> SandboxError {
        SandboxError("\(self.file), line \(self.line): this line \(what).")
    }
}

/// Words of a line, and whatever text is left behind them.
struct ScriptWords {
    private var text: Substring

    init(_ text: Substring) {
        self.text = text
    }

    mutating func next() -> Substring? {
        self.skipBlanks()
        let word = self.text.prefix { !$0.isWhitespace }
        self.text = self.text[word.endIndex...]
        return word.isEmpty ? nil : word
    }

    mutating func rest() -> String? {
        self.skipBlanks()
        while let last = self.text.last, last.isWhitespace { self.text.removeLast() }
        defer { self.text = "" }
        return self.text.isEmpty ? nil : String(self.text)
    }

    private mutating func skipBlanks() {
        self.text = self.text.drop(while: \.isWhitespace)
    }
}
