import StenoCore

/// What was really said in a recording: words with their times, and noises that are not words.
struct SpokenTruth {
    var words: [Word] = []
    /// Stretches that a detector takes for speech, in order: utterances and noises.
    var sounds: [AudioSpan] = []
    var end = SamplePosition.zero

    /// - Parameter vocabulary: how many different words are used; `nil` makes every word another one.
    init(seed: UInt64, utterances: Int, vocabulary: Int?) {
        var random = SplitMix64(seed: seed)
        var time = 0.5
        for _ in 0..<utterances {
            if random.happens(25) {
                let noise = Double.random(in: 0.05...1.2, using: &random)
                self.sounds.append(.seconds(time..<(time + noise)))
                time += noise + Double.random(in: 1...2, using: &random)
            }
            time = self.addUtterance(at: time, vocabulary: vocabulary, using: &random)
            time += Double.random(in: 0.9...2.5, using: &random)
        }
        self.end = .seconds(time)
    }

    private mutating func addUtterance(at start: Double, vocabulary: Int?, using random: inout SplitMix64) -> Double {
        var time = start
        for _ in 0..<Int.random(in: 1...14, using: &random) {
            let length = Double.random(in: 0.2...0.6, using: &random)
            let name = vocabulary.map { Int.random(in: 0..<$0, using: &random) } ?? self.words.count
            self.words.append(Word(text: "w\(name)", span: .seconds(time..<(time + length))))
            time += length + Double.random(in: 0.02...0.2, using: &random)
        }
        self.sounds.append(.seconds((start - 0.05)..<(time + 0.05)))
        return time
    }

    var text: [String] { self.words.map(\.text) }
}

/// Understands every word whose sound it was given whole, and tells it in the manner of the service: ids and times
/// start with the connection, times are multiples of 80 ms, an utterance completes after 700 ms without a word.
struct PerfectRecogniser {
    private static let endpoint = Int64(SamplePosition.rate) * 700 / 1_000

    private let words: [Word]
    private let start: SamplePosition
    private var next: Int
    private var open: [Word] = []
    private var utterances = 0

    init(_ truth: SpokenTruth, from start: SamplePosition) {
        self.words = truth.words
        self.start = start
        self.next = truth.words.firstIndex { $0.span.start >= start } ?? truth.words.count
    }

    /// The audio up to `position` was given, or silence in place of it.
    mutating func hear(upTo position: SamplePosition) -> [TranscriptUpdate] {
        var updates: [TranscriptUpdate] = []
        while self.next < self.words.count, self.words[self.next].span.end <= position {
            let word = self.words[self.next]
            self.next += 1
            if let last = self.open.last, word.span.start - last.span.end >= Self.endpoint {
                updates += self.complete()
            }
            self.open.append(word)
            updates.append(self.update(isCompleted: false))
        }
        if let last = self.open.last, position - last.span.end >= Self.endpoint { updates += self.complete() }
        return updates
    }

    private mutating func complete() -> [TranscriptUpdate] {
        defer {
            self.open = []
            self.utterances += 1
        }
        return [self.update(isCompleted: true)]
    }

    private func update(isCompleted: Bool) -> TranscriptUpdate {
        TranscriptUpdate(
            id: "\(self.utterances)",
            sentence: self.open.map(\.text).joined(separator: " "),
            words: self.open.map { word in
                TranscriptUpdate.TimedWord(
                    text: word.text,
                    start: self.time(of: word.span.start),
                    end: self.time(of: word.span.end)
                )
            },
            isCompleted: isCompleted
        )
    }

    private func time(of position: SamplePosition) -> Double {
        (Double(position - self.start) / 1_280).rounded() * 0.08
    }
}
