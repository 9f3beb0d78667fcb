package import StenoCore

/// SubRip and WebVTT: an utterance as cues that a reader can follow.
package enum Subtitles {
    /// Two lines of the customary 42 columns.
    private static let longestCue = 84
    /// Frames.
    private static let longestTime = Int64(7 * SamplePosition.rate)

    private struct Cue {
        var span: AudioSpan
        var text: String
    }

    package static func srt(of utterances: [Utterance]) -> String {
        Self.cues(of: utterances).enumerated().map { index, cue in
            let start = Self.clock(cue.span.start, fraction: ",")
            let end = Self.clock(cue.span.end, fraction: ",")
            return "\(index + 1)\n\(start) --> \(end)\n\(cue.text)\n"
        }.joined(separator: "\n")
    }

    package static func vtt(of utterances: [Utterance]) -> String {
        "WEBVTT\n"
            + Self.cues(of: utterances).map { cue in
                let start = Self.clock(cue.span.start, fraction: ".")
                let end = Self.clock(cue.span.end, fraction: ".")
                return "\n\(start) --> \(end)\n\(Self.escaped(cue.text))\n"
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

    private static func cues(of utterances: [Utterance]) -> [Cue] {
        utterances.flatMap { utterance -> [Cue] in
            let mark = utterance.isConfirmed ? "" : " [unconfirmed]"
            let whole = Cue(span: Self.visible(utterance.span), text: TerminalText.neutralised(utterance.text) + mark)
            let isShort = whole.text.count <= Self.longestCue && utterance.span.frames <= Self.longestTime
            guard !isShort, utterance.words.count > 1 else { return [whole] }
            return Self.split(utterance, mark: mark)
        }
    }

    private static func split(_ utterance: Utterance, mark: String) -> [Cue] {
        var cues: [Cue] = []
        for word in utterance.words {
            let text = TerminalText.neutralised(word.text)
            if let last = cues.last, last.text.count + 1 + text.count <= Self.longestCue,
                word.span.end - last.span.start <= Self.longestTime {
                cues[cues.count - 1].text += " " + text
                cues[cues.count - 1].span.end = max(last.span.end, word.span.end)
            } else {
                cues.append(Cue(span: Self.visible(word.span), text: text))
            }
        }
        if !cues.isEmpty { cues[cues.count - 1].text += mark }
        return cues
    }

    /// Players drop a cue without a length.
    private static func visible(_ span: AudioSpan) -> AudioSpan {
        AudioSpan(start: span.start, end: max(span.end, span.start + Int64(SamplePosition.rate / 10)))
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

/// Markdown that shows what was said, not what it looks like.
enum Markdown {
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            if "\\`*_{}[]<>#|~".contains(character) { safe.append("\\") }
            safe.append(character)
        }
        return safe
    }
}
