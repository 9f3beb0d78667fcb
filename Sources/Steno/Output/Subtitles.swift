package import StenoCore

/// SubRip and WebVTT: an utterance as cues that a reader can follow.
package enum Subtitles {
    /// The customary length of a line, and a cue has at most two.
    private static let longestLine = 42
    /// Frames.
    private static let longestTime = Int64(7 * SamplePosition.rate)
    private static let shortestTime = Int64(SamplePosition.rate / 10)

    private struct Cue {
        var span: AudioSpan
        var text: String
    }

    package static func srt(of utterances: [Utterance]) -> String {
        Self.cues(of: utterances).enumerated().map { index, cue in
            let start = Self.clock(cue.span.start, fraction: ",")
            let end = Self.clock(cue.span.end, fraction: ",")
            return "\(index + 1)\n\(start) --> \(end)\n\(Self.lines(of: cue.text) ?? cue.text)\n"
        }.joined(separator: "\n")
    }

    package static func vtt(of utterances: [Utterance]) -> String {
        "WEBVTT\n"
            + Self.cues(of: utterances).map { cue in
                let start = Self.clock(cue.span.start, fraction: ".")
                let end = Self.clock(cue.span.end, fraction: ".")
                return "\n\(start) --> \(end)\n\(Self.escaped(Self.lines(of: cue.text) ?? cue.text))\n"
            }.joined()
    }

    /// `hh:mm:ss`, with milliseconds after `fraction` if there is one.
    package static func clock(_ position: SamplePosition, fraction: Character?) -> String {
        let milliseconds = max(0, position.frames) / Int64(SamplePosition.rate / 1_000)
        let seconds = milliseconds / 1_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        guard let fraction else { return clock }
        return "\(clock)\(fraction)\(Self.padded(milliseconds % 1_000, 3))"
    }
}

extension Subtitles {
    private static func cues(of utterances: [Utterance]) -> [Cue] {
        utterances.flatMap { utterance -> [Cue] in
            // An empty line would end the cue, and nothing is to be read.
            guard let text = RecordingDocument.line(of: utterance) else { return [] }
            let isShort = utterance.span.frames <= Self.longestTime && Self.lines(of: text) != nil
            return isShort ? [Cue(span: Self.visible(utterance.span), text: text)] : Self.split(text, utterance)
        }
    }

    private static func split(_ text: String, _ utterance: Utterance) -> [Cue] {
        var cues: [Cue] = []
        for word in Self.timed(text, utterance) {
            guard let last = cues.last, Self.continues(last, with: word) else {
                cues.append(Cue(span: Self.visible(word.span), text: word.text))
                continue
            }
            cues[cues.count - 1].text += " " + word.text
            cues[cues.count - 1].span.end = max(last.span.end, word.span.end)
        }
        return cues
    }

    /// A sentence that is long enough ends its cue: it is read in one go.
    private static func continues(_ cue: Cue, with word: Word) -> Bool {
        let isSentence = cue.text.last.map { ".!?".contains($0) } ?? false
        guard !isSentence || cue.text.count < Self.longestLine / 2 else { return false }
        return word.span.end - cue.span.start <= Self.longestTime && Self.lines(of: cue.text + " " + word.text) != nil
    }

    /// Every word of `text` with its time. The sentence is what counts: the recogniser's words need not join up to it, and
    /// where they do not, each word gets the share of the utterance that its length is of the text.
    private static func timed(_ text: String, _ utterance: Utterance) -> [Word] {
        let parts = text.split(separator: " ").map(String.init)
        let words = utterance.words
        // The mark behind what is not confirmed is no word of the recogniser.
        let spoken = utterance.isConfirmed ? parts.count : parts.count - 1
        if words.count == spoken, zip(words, parts).allSatisfy({ TerminalText.neutralised($0.text) == $1 }) {
            return parts.enumerated().map { index, part in
                Word(text: part, span: words[min(index, words.count - 1)].span)
            }
        }
        let letters = Int64(max(1, parts.reduce(0) { $0 + $1.count }))
        var before: Int64 = 0
        return parts.map { part in
            let start = utterance.span.start + utterance.span.frames * before / letters
            before += Int64(part.count)
            let end = utterance.span.start + utterance.span.frames * before / letters
            return Word(text: part, span: AudioSpan(start: start, end: end))
        }
    }

    /// One line, or two that are as alike as can be; `nil` when it does not fit.
    private static func lines(of text: String) -> String? {
        guard text.count > Self.longestLine else { return text }
        var best: (difference: Int, lines: String)?
        for (offset, index) in text.indices.enumerated() where text[index] == " " {
            let rest = text.count - offset - 1
            guard offset <= Self.longestLine, rest <= Self.longestLine else { continue }
            guard abs(offset - rest) < best?.difference ?? .max else { continue }
            best = (abs(offset - rest), text[..<index] + "\n" + text[text.index(after: index)...])
        }
        return best?.lines
    }

    /// Players drop a cue without a length.
    private static func visible(_ span: AudioSpan) -> AudioSpan {
        AudioSpan(start: span.start, end: max(span.end, span.start + Self.shortestTime))
    }

    private static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            default: safe.append(character)
            }
        }
        return safe
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
