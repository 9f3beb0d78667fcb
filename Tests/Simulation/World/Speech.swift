import StenoCore

/// What is really said, by the position on the timeline: words with their times, and sounds that are no words.
struct Speech {
    struct SpokenWord {
        var span: AudioSpan
        /// Unlike any other of the seed, unless the vocabulary is small.
        var name: Int
    }

    private(set) var words: [SpokenWord] = []
    /// What a detector takes for speech: utterances and noises, in order.
    private(set) var sounds: [AudioSpan] = []
    private(set) var end = SamplePosition.zero
    private var names = 0
    private let vocabulary: Int?

    /// - Parameters:
    ///   - seconds: about how long it is.
    ///   - vocabulary: how many different words there are; `nil` makes each another one.
    init(seconds: Double, vocabulary: Int?, using random: inout SplitMix64) {
        self.vocabulary = vocabulary
        self.words.reserveCapacity(Int(seconds * 2))
        self.speak(from: .zero, seconds: seconds, using: &random)
    }

    /// A process died, and with it what was said after `position`. Somebody says other words there.
    mutating func goOn(from position: SamplePosition, seconds: Double, using random: inout SplitMix64) {
        self.cut(at: position)
        self.end = position
        self.speak(from: position, seconds: seconds, using: &random)
    }

    /// The recording ends at `position`: what was not said by then is nobody's.
    mutating func cut(at position: SamplePosition) {
        self.words.removeAll { $0.span.end > position }
        self.sounds.removeAll { $0.start >= position }
        if let last = self.sounds.indices.last { self.sounds[last].end = min(self.sounds[last].end, position) }
        self.end = min(self.end, position)
    }

    private mutating func speak(from start: SamplePosition, seconds: Double, using random: inout SplitMix64) {
        let end = start + Int64(seconds * Double(SamplePosition.rate))
        var position = start + random.frames(0.3...1.5)
        while position < end {
            if random.happens(25) {
                let noise = AudioSpan(start: position, end: position + random.frames(0.05...1.2))
                self.sounds.append(noise)
                position = noise.end + random.frames(1...2)
            }
            position = self.utter(at: position, using: &random) + random.frames(0.9...2.5)
        }
        self.end = position
    }

    private mutating func utter(at start: SamplePosition, using random: inout SplitMix64) -> SamplePosition {
        var position = start
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let span = AudioSpan(start: position, end: position + random.frames(0.2...0.6))
            let name = self.vocabulary.map { Int.random(in: 0..<$0, using: &random) } ?? self.names
            self.names += 1
            self.words.append(SpokenWord(span: span, name: name))
            position = span.end + random.frames(0.02...0.2)
        }
        self.sounds.append(AudioSpan(start: start - 800, end: position + 800))
        return position
    }

    /// Index of the first word that can be understood by whom begins to listen at `position`: a tenth of a second of its
    /// beginning may be missing, if that is not more than a quarter.
    func firstWord(from position: SamplePosition) -> Int {
        self.words.firstIndex { $0.span.start + min($0.span.frames / 4, 1_600) >= position } ?? self.words.count
    }

    /// What a detector can say when it has heard everything before `position`: it takes a second to be sure.
    func decided(_ sound: AudioSpan, at position: SamplePosition, isLast: Bool) -> Bool {
        isLast || sound.end + Int64(SamplePosition.rate) <= position
    }
}
