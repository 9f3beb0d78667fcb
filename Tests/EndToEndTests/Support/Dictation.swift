import Foundation
import StenoTesting

/// The dictation that `samples/sessions/dictation.session` describes, as sound: a voice where it has words.
enum Dictation {
    static let text = """
        Good morning.
        Bella is a six year old retriever.
        She has been limping since Monday.
        The left front paw is swollen.
        Rest for one week.

        """

    /// Where the utterances are, in seconds.
    private static let spans = [0.40...1.20, 2.08...4.16, 5.04...6.88, 7.76...9.44, 10.24...11.44]
    /// A connection that begins or ends inside an utterance splits its line, and no word.
    static func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace } }
    /// Where each ends, in seconds.
    static var ends: [Double] { Self.spans.map(\.upperBound) }
    /// 13 s: long enough for the pause that ends the last utterance.
    static let frames = 208_000

    static let samples: [Int16] = {
        var samples = Signal.silence(frames: Self.frames)
        for span in Self.spans {
            let first = Int(span.lowerBound * 16_000)
            let frames = Int(span.upperBound * 16_000) - first
            // The noise makes every place different, so that a script can tell by its sound what it hears.
            let noise = Signal.noise(level: -50, frames: frames, seed: UInt64(first))
            let voice = Signal.mixed(Signal.voice(frames: frames), noise)
            samples.replaceSubrange(first..<first + voice.count, with: voice)
        }
        return samples
    }()

    /// The script of the dictation for the recording `name` beside it: a connection that begins in the middle then
    /// hears what is said there.
    static func script(for name: String) throws -> String {
        let script = try String(contentsOfFile: StenoProgram.sample("sessions/dictation.session"), encoding: .utf8)
        return "audio \(name)\n" + script
    }

    static let wav = WAVFixture(Self.samples).bytes
    /// The same without a header.
    static let raw = WAVFixture(Self.samples).data
    /// As long, without a voice: whatever a script says in it is confirmed as soon as it is said.
    static let quiet = WAVFixture(Signal.silence(frames: Self.frames)).bytes
    static let silence = WAVFixture(Signal.silence(frames: 32_000)).bytes
}

extension StenoProgram {
    /// The dictation as a file.
    func dictation(_ name: String = "visit.wav") -> String { self.file(name, Dictation.wav) }

    func silence(_ name: String = "silence.wav") -> String { self.file(name, Dictation.silence) }
}
