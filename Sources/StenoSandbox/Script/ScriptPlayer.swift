import StenoCore

/// What recognition gives: a step of the transcript, or something found in it.
enum RecognitionResult: Hashable, Sendable {
    case update(TranscriptUpdate)
    case information(Information)
}

/// Plays one script to one connection: takes the connection's audio and says what is due.
struct ScriptPlayer {
    /// Digital silence that ends an utterance when the audio cannot be followed any more: 700 ms.
    private static let pauseFrames = 11_200

    private struct Event {
        enum Kind {
            case word(Int)
            case message(ScriptedUtterance.Message.Kind)
            case completion
            case information(Information)
        }

        var time: Double
        var utterance: Int
        var kind: Kind
    }

    private let session: ScriptedSession
    private let events: [Event]
    private var next = 0
    private var open: [OpenUtterance]
    private var nextID = 0
    private var matcher: AudioMatcher?
    /// Frames of the connection, which are the script's own time when it names no audio.
    private var frames = 0

    init(_ session: ScriptedSession) {
        self.session = session
        self.matcher = session.audio.map(AudioMatcher.init)
        self.open = session.utterances.map(OpenUtterance.init)
        self.events = Self.events(of: session)
    }

    /// Whether the audio of this connection was found to belong to this script; true at once where it names no audio.
    var isRecognised: Bool { self.matcher.map { !$0.heard.isEmpty } ?? true }

    mutating func accept(_ samples: ArraySlice<Int16>) -> [RecognitionResult] {
        // In steps of a block, so that what is released knows where exactly the audio has got to.
        var results: [RecognitionResult] = []
        var rest = samples
        while !rest.isEmpty {
            results += self.step(rest.prefix(ScriptedAudio.blockFrames))
            rest = rest.dropFirst(ScriptedAudio.blockFrames)
        }
        return results
    }

    private mutating func step(_ samples: ArraySlice<Int16>) -> [RecognitionResult] {
        self.frames += samples.count
        self.matcher?.accept(samples)
        var results: [RecognitionResult] = []
        let position = Double(self.matcher?.position ?? self.frames) / Double(SamplePosition.rate)
        // Half a frame of tolerance: times in the file are decimal fractions.
        while self.next < self.events.count, self.events[self.next].time <= position + 0.000_03 {
            results += self.perform(self.events[self.next])
            self.next += 1
        }
        if let silence = self.matcher?.unmatchedSilence, silence >= Self.pauseFrames {
            results += self.paused()
        }
        return results
    }

    /// The audio stopped, or went silent: completes what is open.
    mutating func paused() -> [RecognitionResult] {
        self.open.indices.flatMap { self.complete($0) }
    }

    private mutating func perform(_ event: Event) -> [RecognitionResult] {
        switch event.kind {
        case .information(let information):
            return [.information(information)]
        case .word(let index):
            let word = self.session.utterances[event.utterance].words[index]
            guard self.isHeard(word) else { return [] }
            let needsID = self.open[event.utterance].needsID
            if needsID { self.nextID += 1 }
            let id = String(self.nextID - 1)
            return self.open[event.utterance].say(self.shifted(word), id: id).map { [.update($0)] } ?? []
        case .message(let kind):
            return self.open[event.utterance].send(kind).map { [.update($0)] } ?? []
        case .completion:
            return self.complete(event.utterance)
        }
    }

    private mutating func complete(_ index: Int) -> [RecognitionResult] {
        self.open[index].complete().map { [.update($0)] } ?? []
    }

    private func isHeard(_ word: TranscriptUpdate.TimedWord) -> Bool {
        guard let matcher = self.matcher else { return true }
        let start = SamplePosition(seconds: word.start).frames
        return matcher.hasHeard(Int(start)..<Int(max(start, SamplePosition(seconds: word.end).frames)))
    }

    /// The word with its times on the connection: seconds since its first byte.
    private func shifted(_ word: TranscriptUpdate.TimedWord) -> TranscriptUpdate.TimedWord {
        guard let matcher = self.matcher else { return word }
        let shift = Double(matcher.shift) / Double(SamplePosition.rate)
        var word = word
        word.start = Self.rounded(max(0, word.start - shift))
        word.end = Self.rounded(max(0, word.end - shift))
        return word
    }

    /// To a millisecond, so that sums of decimal fractions stay short on the wire.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 1_000).rounded() / 1_000 }

    private static func events(of session: ScriptedSession) -> [Event] {
        var events = session.information.map {
            Event(time: $0.time, utterance: 0, kind: .information($0.information))
        }
        for (number, utterance) in session.utterances.enumerated() {
            for (index, word) in utterance.words.enumerated() {
                events.append(Event(time: word.end, utterance: number, kind: .word(index)))
            }
            for message in utterance.messages {
                events.append(Event(time: message.time, utterance: number, kind: .message(message.kind)))
            }
            let end = utterance.words.last?.end ?? 0
            switch utterance.completion {
            case .afterPause: events.append(Event(time: end + 0.7, utterance: number, kind: .completion))
            case .at(let time): events.append(Event(time: time, utterance: number, kind: .completion))
            case .never: break
            }
        }
        // Stable: what the file says first comes first among equals.
        return events.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}
