import StenoCore

/// What the service makes of the bytes of one connection. It knows no positions: ids and times start with the
/// connection. It understands every word whose sound it was given whole, and tells it in whatever manner.
struct Ear {
    private struct Open {
        var words: [Int] = []
        var id: String
        var isDeaf: Bool
        var isEndless: Bool
        /// Its newest draft has a text.
        var isShown = false
    }

    /// Frames since the first byte of the connection.
    private(set) var received: Int64 = 0
    /// Where the sound lies that came last, and how many frames its time is behind its position.
    private var end: SamplePosition?
    private var offset: Int64 = 0
    private var next = 0
    private var open: Open?
    private var utterances = 0
    /// Finals that take their time: due when so many frames were received.
    private var late: [(due: Int64, update: TranscriptUpdate)] = []
    private let climate: Climate

    init(_ climate: Climate) {
        self.climate = climate
    }

    /// Whom to tell what the oracle must know.
    struct Outcome {
        var updates: [TranscriptUpdate] = []
        /// Words nobody will get a text of, or only when something else was said meanwhile.
        var withheld: [Int] = []
        /// Words whose text does not say where it belongs.
        var unplaced: [Int] = []
    }

    mutating func hear(
        _ span: AudioSpan,
        of speech: Speech,
        missing: [AudioGap],
        using random: inout SplitMix64
    ) -> Outcome {
        var outcome = Outcome()
        if self.end != span.start {
            // Something else follows: what began before it is cut off.
            self.next = speech.firstWord(from: span.start)
            self.offset = span.start.frames - self.received
        }
        self.end = span.end
        self.received += span.frames
        while self.next < speech.words.count, speech.words[self.next].span.end <= span.end {
            let index = self.next
            self.next += 1
            let word = speech.words[index]
            guard !missing.contains(where: { $0.span.overlaps(word.span) }) else { continue }
            self.understand(index, of: speech, into: &outcome, using: &random)
        }
        self.timePasses(speech, into: &outcome, using: &random)
        return outcome
    }

    mutating func hearSilence(_ frames: Int64, after speech: Speech, using random: inout SplitMix64) -> Outcome {
        var outcome = Outcome()
        self.end = nil
        self.received += frames
        self.timePasses(speech, into: &outcome, using: &random)
        return outcome
    }

    private mutating func understand(
        _ index: Int,
        of speech: Speech,
        into outcome: inout Outcome,
        using random: inout SplitMix64
    ) {
        let start = speech.words[index].span.start.frames - self.offset
        if let last = self.open?.words.last, start - self.ended(last, of: speech) >= self.pause {
            self.complete(of: speech, into: &outcome, using: &random)
        }
        if self.open == nil {
            let id = "\(self.utterances)"
            self.open = Open(
                id: id,
                isDeaf: random.happens(self.climate.deaf),
                isEndless: random.happens(self.climate.neverCompletes)
            )
            self.utterances += 1
        }
        self.open?.words.append(index)
        if self.open?.isDeaf == true {
            outcome.withheld.append(speech.words[index].name)
        } else if random.happens(60), let open = self.open {
            let interim = self.interim(open, of: speech, using: &random)
            outcome.updates.append(interim)
            self.open?.isShown = !interim.words.isEmpty
        }
    }

    private mutating func timePasses(
        _ speech: Speech,
        into outcome: inout Outcome,
        using random: inout SplitMix64
    ) {
        // While the next word is being said there is no silence.
        let isSpeaking = self.end.map { end in
            self.next < speech.words.count && speech.words[self.next].span.start < end
        }
        if isSpeaking != true, let last = self.open?.words.last,
            self.received - self.ended(last, of: speech) >= self.pause
        {
            self.complete(of: speech, into: &outcome, using: &random)
        }
        while let index = self.late.firstIndex(where: { $0.due <= self.received }) {
            outcome.updates.append(self.late.remove(at: index).update)
        }
    }

    private var pause: Int64 { Int64(self.climate.endpoint * Double(SamplePosition.rate)) }

    private func ended(_ index: Int, of speech: Speech) -> Int64 { speech.words[index].span.end.frames - self.offset }

    private mutating func complete(of speech: Speech, into outcome: inout Outcome, using random: inout SplitMix64) {
        guard let open = self.open else { return }
        self.open = nil
        guard !open.isDeaf else { return }
        guard !open.isEndless else {
            if !open.isShown { outcome.withheld += open.words.map { speech.words[$0].name } }
            return
        }
        var final = self.update(open, of: speech, using: &random)
        final.isCompleted = true
        if random.happens(self.climate.withoutTimes) {
            final.words = []
            outcome.unplaced += open.words.map { speech.words[$0].name }
        } else if random.happens(self.climate.wrongTimes) {
            for index in final.words.indices { final.words[index].end += 1_000 }
            outcome.unplaced += open.words.map { speech.words[$0].name }
        }
        if random.happens(self.climate.completesLate) {
            self.late.append((self.received + random.frames(0.2...4), final))
            // Without a draft before it, it may come when nobody waits for it any more.
            if !open.isShown { outcome.withheld += open.words.map { speech.words[$0].name } }
            return
        }
        outcome.updates.append(final)
        if random.happens(self.climate.repeats) { outcome.updates.append(final) }
        if random.happens(self.climate.lateInterims) {
            outcome.updates.append(self.interim(open, of: speech, using: &random))
        }
    }

    /// A draft: words may still be wrong, or missing again.
    private func interim(_ open: Open, of speech: Speech, using random: inout SplitMix64) -> TranscriptUpdate {
        var update = self.update(open, of: speech, using: &random)
        guard random.happens(self.climate.garbles) else { return update }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: update.words.removeLast()
        case 1: update.words[update.words.count - 1].text = "eh"
        case 2: update.words[0].text = "uh"
        default: update.words = []
        }
        update.sentence = update.words.map(\.text).joined(separator: " ")
        return update
    }

    private func update(_ open: Open, of speech: Speech, using random: inout SplitMix64) -> TranscriptUpdate {
        var sentence = ""
        var words: [TranscriptUpdate.TimedWord] = []
        words.reserveCapacity(open.words.count)
        for index in open.words {
            let word = speech.words[index]
            let text = "w\(word.name)"
            if !sentence.isEmpty { sentence += " " }
            sentence += text
            let steps = self.climate.timeSteps
            let off = steps > 0 ? Double(Int.random(in: -steps...steps, using: &random)) * 0.08 : 0
            words.append(
                TranscriptUpdate.TimedWord(
                    text: text,
                    start: max(0, self.time(of: word.span.start) + off),
                    end: max(0, self.time(of: word.span.end) + off)
                )
            )
        }
        return TranscriptUpdate(id: open.id, sentence: sentence, words: words, isCompleted: false)
    }

    /// Multiples of 80 ms.
    private func time(of position: SamplePosition) -> Double {
        (Double(position.frames - self.offset) / 1_280).rounded() * 0.08
    }
}
