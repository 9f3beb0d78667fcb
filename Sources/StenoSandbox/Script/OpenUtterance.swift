import StenoCore

/// One scripted utterance as it stands on one connection.
///
/// A pause of the client may complete it in the middle; what is said of it afterwards is a new utterance with a new id, as
/// a recogniser would make it.
struct OpenUtterance {
    private let script: ScriptedUtterance
    private var id: String?
    /// Words said under the present id, with times of the connection.
    private var words: [TranscriptUpdate.TimedWord] = []
    private var wordsSinceInterim = 0
    /// The completed utterance as it was sent.
    private var completed: TranscriptUpdate?

    init(_ script: ScriptedUtterance) {
        self.script = script
    }

    /// The next word begins a new utterance.
    var needsID: Bool { self.id == nil || self.completed != nil }

    /// - Parameter id: used when `needsID`.
    mutating func say(_ word: TranscriptUpdate.TimedWord, id: String) -> TranscriptUpdate? {
        if self.needsID {
            self.id = id
            self.words = []
            self.wordsSinceInterim = 0
            self.completed = nil
        }
        self.words.append(word)
        self.wordsSinceInterim += 1
        guard case .every(let count) = self.script.interims, self.wordsSinceInterim >= count else { return nil }
        self.wordsSinceInterim = 0
        return self.update(self.words, isCompleted: false)
    }

    mutating func send(_ kind: ScriptedUtterance.Message.Kind) -> TranscriptUpdate? {
        switch kind {
        case .interim(let text):
            self.completed == nil ? self.update(saying: text, isCompleted: false) : nil
        case .again:
            self.completed
        case .late(let text):
            self.completed == nil ? nil : self.update(saying: text, isCompleted: false)
        }
    }

    /// - Returns: the completed utterance; `nil` when there is nothing to complete.
    mutating func complete() -> TranscriptUpdate? {
        guard self.completed == nil, self.id != nil, self.script.completion != .never else { return nil }
        let isWhole = self.words.count == self.script.words.count
        if let text = self.script.completedText, isWhole {
            self.completed = self.update(saying: text, isCompleted: true)
        } else {
            self.completed = self.update(self.words, isCompleted: true)
        }
        return self.completed
    }

    /// Another text over the times of the words so far; words beyond them take the last time.
    private func update(saying text: String, isCompleted: Bool) -> TranscriptUpdate? {
        var words: [TranscriptUpdate.TimedWord] = []
        for (index, word) in text.split(separator: " ").enumerated() {
            guard let time = index < self.words.count ? self.words[index] : self.words.last else { break }
            words.append(.init(text: String(word), start: time.start, end: time.end))
        }
        var update = self.update(words, isCompleted: isCompleted)
        update?.sentence = text
        return update
    }

    private func update(_ words: [TranscriptUpdate.TimedWord], isCompleted: Bool) -> TranscriptUpdate? {
        guard let id = self.id else { return nil }
        let sentence = words.map(\.text).joined(separator: " ")
        return TranscriptUpdate(id: id, sentence: sentence, words: words, isCompleted: isCompleted)
    }
}
