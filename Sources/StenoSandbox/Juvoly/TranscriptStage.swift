import StenoCore

/// Between the recogniser and the wire: applies the switches that concern what a transcript says, and keeps what a summary
/// is made of.
struct TranscriptStage {
    /// Completed utterances that a summary is made from; what is beyond is left out of summaries.
    static let summaryLimit = 10_000
    /// Held-back completions; a connection without any completion for longer loses the oldest.
    static let heldLimit = 10_000

    private let faults: JuvolyConnectionFaults
    private let number: Int
    /// Gives the next number for utterances that are counted across connections.
    private let nextNumber: () -> Int
    private var ids: [String: String] = [:]
    /// Texts of completed utterances, in order of completion; repeats replace.
    private var completed: [(id: String, text: String)] = []
    /// Completions that a switch holds back.
    private var held: [TranscriptUpdate] = []

    init(_ faults: JuvolyConnectionFaults, connection: Int, nextNumber: @escaping () -> Int) {
        self.faults = faults
        self.number = connection
        self.nextNumber = nextNumber
    }

    /// What a summary on this connection covers.
    var completedText: [String] { self.completed.map(\.text).filter { !$0.isEmpty } }

    /// - Returns: what to send now, in order.
    mutating func received(_ update: TranscriptUpdate) -> [TranscriptUpdate] {
        var update = update
        update.id = self.id(for: update.id)
        update.words = update.words.map(self.inUnit)
        return update.isCompleted ? self.receivedCompleted(update) : self.receivedInterim(update)
    }

    /// Gives what was held back.
    mutating func releaseHeld() -> [TranscriptUpdate] {
        defer { self.held = [] }
        return self.held.flatMap { self.sendCompleted($0) }
    }

    private func receivedInterim(_ update: TranscriptUpdate) -> [TranscriptUpdate] {
        switch self.faults.partials {
        case .none:
            return []
        case .growing, .only:
            return [update]
        case .shrinking:
            guard update.words.count > 1 else { return [update] }
            var shorter = update
            shorter.words.removeLast()
            shorter.sentence = shorter.words.map(\.text).joined(separator: " ")
            return [update, shorter]
        }
    }

    private mutating func receivedCompleted(_ update: TranscriptUpdate) -> [TranscriptUpdate] {
        guard self.faults.partials != .only else { return [] }
        switch self.faults.finalise {
        case .never:
            return []
        case .onClose, .onEmptyBinary, .slow:
            if self.held.count == Self.heldLimit { self.held.removeFirst() }
            self.held.append(update)
            return []
        case .pause:
            return self.sendCompleted(update)
        }
    }

    private mutating func sendCompleted(_ update: TranscriptUpdate) -> [TranscriptUpdate] {
        var update = update
        switch self.faults.finals {
        case .once, .repeated, .partialAfterFinal:
            break
        case .emptySentence:
            update.sentence = ""
            update.words = []
        case .sentenceDiffersFromWords:
            update.sentence = update.sentence.uppercased()
        }
        self.remember(update)
        switch self.faults.finals {
        case .once, .emptySentence, .sentenceDiffersFromWords:
            return [update]
        case .repeated:
            return [update, update]
        case .partialAfterFinal:
            var late = update
            late.isCompleted = false
            late.words = Array(late.words.prefix(1))
            late.sentence = late.words.first?.text ?? ""
            return [update, late]
        }
    }

    private mutating func remember(_ update: TranscriptUpdate) {
        if let index = self.completed.lastIndex(where: { $0.id == update.id }) {
            self.completed[index].text = update.sentence
        } else if self.completed.count < Self.summaryLimit {
            self.completed.append((update.id, update.sentence))
        }
    }

    private mutating func id(for recogniserID: String) -> String {
        switch self.faults.idOnReconnect {
        case .restart:
            return recogniserID
        case .continue:
            if let id = self.ids[recogniserID] { return id }
            let id = String(self.nextNumber())
            self.ids[recogniserID] = id
            return id
        case .random:
            var hash = FNV1a()
            for byte in "\(self.number)/\(recogniserID)".utf8 { hash.combine(byte) }
            return "u" + String(hash.value, radix: 36)
        }
    }

    private func inUnit(_ word: TranscriptUpdate.TimedWord) -> TranscriptUpdate.TimedWord {
        guard self.faults.timeUnit == .milliseconds else { return word }
        return .init(text: word.text, start: (word.start * 1_000).rounded(), end: (word.end * 1_000).rounded())
    }
}
