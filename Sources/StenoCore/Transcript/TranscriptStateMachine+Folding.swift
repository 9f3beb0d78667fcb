extension TranscriptStateMachine {
    mutating func open(_ id: String) -> Int {
        let id = Utterance.ID(connection: self.connection, recogniserID: id)
        let start = AudioSpan(start: self.offset, end: self.offset)
        self.entries.append(
            Entry(utterance: Utterance(id: id, span: start, text: "", isConfirmed: false), status: .open)
        )
        self.indices[id.recogniserID] = self.entries.count - 1
        self.state = .dictating(open: self.openUtterances + 1)
        return self.entries.count - 1
    }

    /// Puts the update's words on the timeline, without those the transcript already has.
    ///
    /// - Returns: all words of the update and what they cover, doubles included; `nil` if it cannot be trusted.
    mutating func place(
        _ update: TranscriptUpdate,
        in index: Int,
        sent: SamplePosition,
        noting actions: inout [Action]
    ) -> SecondHearing? {
        let heard = AudioSpan(start: self.offset, end: max(self.offset, sent))
        let words = update.words.map { word in
            let start = self.offset + SamplePosition(seconds: word.start).frames
            let end = self.offset + SamplePosition(seconds: word.end).frames
            return Word(text: word.text, span: AudioSpan(start: start, end: end))
        }
        let covered = AudioSpan(covering: words)
        let isPlaced = covered.map { self.isBelievable($0, sent: sent) && update.hasRealTimes } ?? false

        var utterance = self.entries[index].utterance
        utterance.hasEstimatedWordTimes = update.hasEstimatedWordTimes
        if isPlaced {
            self.keepNew(words, of: update, in: &utterance, within: heard)
        } else {
            utterance.text = update.sentence
            utterance.words = words.map { Word(text: $0.text, span: $0.span.clamped(to: heard)) }
            if !self.entries[index].isPlaced {
                // It came after the one before it; more is not known.
                let anchor = self.end(ofUtteranceBefore: index)
                utterance.span = AudioSpan(start: anchor, end: anchor)
                utterance.isDoubtful = self.filter.reaches(beyond: anchor)
            }
        }
        self.entries[index].utterance = utterance
        self.entries[index].isPlaced = self.entries[index].isPlaced || isPlaced
        self.entries[index].latest = heard.end

        if covered != nil, !isPlaced { actions.append(.note(.timesBeyondAudio)) }
        if covered == nil, update.isCompleted, !update.sentence.isEmpty { actions.append(.note(.noWordTimes)) }
        guard isPlaced, let covered else { return nil }
        return SecondHearing(span: covered.clamped(to: heard), words: words)
    }

    /// Takes what the transcript does not have yet. With nothing taken out the text is the service's own sentence.
    private func keepNew(
        _ words: [Word],
        of update: TranscriptUpdate,
        in utterance: inout Utterance,
        within heard: AudioSpan
    ) {
        var kept: [Word] = []
        kept.reserveCapacity(words.count)
        utterance.isDoubtful = false
        for word in words {
            switch self.filter.verdict(on: word) {
            case .drop: continue
            case .doubt: utterance.isDoubtful = true
            case .keep: break
            }
            kept.append(Word(text: word.text, span: word.span.clamped(to: heard)))
        }
        let isWhole = kept.count == words.count || update.sentence.isEmpty
        utterance.text = isWhole ? update.sentence : kept.map(\.text).joined(separator: " ")
        utterance.words = kept
        if let span = AudioSpan(covering: kept) { utterance.span = span }
    }

    private func isBelievable(_ span: AudioSpan, sent: SamplePosition) -> Bool {
        span.end <= sent + Self.timeTolerance && span.start >= self.offset - Self.timeTolerance
    }

    private func end(ofUtteranceBefore index: Int) -> SamplePosition {
        guard index > 0, self.entries[index - 1].utterance.id.connection == self.connection else { return self.offset }
        return self.entries[index - 1].utterance.span.end
    }

    mutating func show(_ index: Int, into actions: inout [Action]) {
        if !self.entries[index].utterance.text.isEmpty {
            self.entries[index].isShown = true
            actions.append(.show(self.entries[index].utterance))
        } else {
            self.withdraw(index, into: &actions)
        }
    }

    /// Takes back what was shown, if it was.
    private mutating func withdraw(_ index: Int, into actions: inout [Action]) {
        guard self.entries[index].isShown else { return }
        self.entries[index].isShown = false
        actions.append(.withdraw(self.entries[index].utterance.id))
    }

    mutating func complete(_ index: Int, heard: SecondHearing?, into actions: inout [Action]) {
        self.entries[index].utterance.isConfirmed = true
        self.state = self.openUtterances > 1 ? .dictating(open: self.openUtterances - 1) : .listening
        if let heard, !heard.span.isEmpty {
            actions.append(.confirm(heard.span))
            self.takeOut(of: self.aside, heard, saying: self.entries[index].utterance.text, into: &actions)
        }
        if self.entries[index].utterance.text.isEmpty {
            self.withdraw(index, into: &actions)
            self.entries[index].status = .withdrawn
        } else {
            self.entries[index].status = .completed
            actions.append(.complete(self.entries[index].utterance))
            if index < self.head { actions.append(.deliver(self.entries[index].utterance)) }
        }
        actions += self.deliverWhatIsDue()
    }
}

extension TranscriptStateMachine {
    /// Keeps open utterances aside. What an earlier connection left aside of the same words is a double of them.
    mutating func putOpenAside(into actions: inout [Action]) {
        let earlier = self.aside
        for index in self.indices.values.sorted() where self.entries[index].status == .open {
            self.entries[index].status = .aside
            self.aside.append(index)
            guard self.entries[index].isPlaced else { continue }
            let utterance = self.entries[index].utterance
            let heard = SecondHearing(span: utterance.span, words: utterance.words)
            self.takeOut(of: earlier, heard, saying: utterance.text, into: &actions)
        }
        self.indices.removeAll(keepingCapacity: true)
        self.state = .listening
    }

    /// However often connections are lost, what they said in vain is not kept. Only while nothing is open.
    mutating func forgetWithdrawn() {
        guard self.entries.contains(where: { $0.status == .withdrawn }) else { return }
        var kept: [Entry] = []
        var places: [Int: Int] = [:]
        var head = 0
        for (index, entry) in self.entries.enumerated() where entry.status != .withdrawn {
            if index < self.head { head += 1 }
            if entry.status == .aside { places[index] = kept.count }
            kept.append(entry)
        }
        self.entries = kept
        self.aside = self.aside.compactMap { places[$0] }
        self.head = head
    }

    /// Words kept aside that were now heard again are doubles; those that were not stay.
    mutating func takeOut(
        of aside: [Int],
        _ heard: SecondHearing,
        saying text: String,
        into actions: inout [Action]
    ) {
        guard !aside.isEmpty else { return }
        for index in aside where self.entries[index].status == .aside {
            var utterance = self.entries[index].utterance
            if self.entries[index].isPlaced {
                utterance.words = heard.leftOver(of: utterance.words)
                guard utterance.words.count < self.entries[index].utterance.words.count else { continue }
                utterance.text = utterance.words.map(\.text).joined(separator: " ")
                utterance.span = AudioSpan(covering: utterance.words) ?? utterance.span
            } else {
                // Without times of its own only the text can tell, where it may have been spoken.
                let possible = AudioSpan(start: utterance.span.start, end: self.entries[index].latest)
                guard possible.overlaps(heard.span),
                    text.foldedForComparison.contains(utterance.text.foldedForComparison)
                else { continue }
                utterance.text = ""
            }
            self.entries[index].utterance = utterance
            if utterance.text.isEmpty {
                self.withdraw(index, into: &actions)
                self.entries[index].status = .withdrawn
            } else if self.entries[index].isShown {
                actions.append(.show(utterance))
            }
        }
        self.aside = self.aside.filter { self.entries[$0].status == .aside }
    }

    mutating func deliverWhatIsDue() -> [Action] {
        var actions: [Action] = []
        while self.head < self.entries.count {
            switch self.entries[self.head].status {
            case .completed:
                actions.append(.deliver(self.entries[self.head].utterance))
            case .aside, .withdrawn:
                break
            case .open:
                // Whoever never completes must not hold back all the others for ever.
                // It is delivered late if it completes after all.
                guard self.entries.count - self.head > Self.patience else { return actions }
            }
            self.head += 1
        }
        return actions
    }
}

extension TranscriptUpdate {
    /// No word's time is "not a number", which would otherwise pass for the beginning of the connection.
    fileprivate var hasRealTimes: Bool { self.words.allSatisfy { !$0.start.isNaN && !$0.end.isNaN } }
}

extension AudioSpan {
    /// From the earliest start to the latest end: words need not come in order. `nil` without words.
    init?(covering words: [Word]) {
        guard let first = words.first else { return nil }
        self = words.dropFirst().reduce(first.span) { span, word in
            AudioSpan(start: min(span.start, word.span.start), end: max(span.end, word.span.end))
        }
    }
}
