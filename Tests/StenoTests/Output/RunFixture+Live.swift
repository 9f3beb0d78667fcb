import Steno
import StenoCore

extension RunFixture {
    /// Any event of a dictation, likely or not, with text from all over the world.
    static func anything(using random: inout SplitMix64) -> RunEvent {
        let id = String(Int.random(in: 0...3, using: &random))
        let utterance = Self.utterance(Self.text(using: &random), 0...1, id: id)
        return switch Int.random(in: 0...15, using: &random) {
        case 0...4: Self.interim(utterance)
        case 5: Self.completed(utterance)
        case 6: Self.delivered(utterance)
        case 7: .recognition(.transcript(.withdraw(utterance.id)))
        case 8: Self.progress(available: Double.random(in: 0...1e6, using: &random), sent: 1)
        case 9: .level(rms: Double.random(in: -1...2, using: &random), peak: Double.random(in: -1...2, using: &random))
        case 10: .gap(Self.span(0, 1), cause: Bool.random(using: &random) ? "paused" : "overrun")
        case 11:
            .microphone(
                MicrophoneReport(
                    MicrophoneCondition.allCases.randomElement(using: &random) ?? .speech,
                    alarm: [.none, .warning, .alarm].randomElement(using: &random) ?? .none,
                    words: Self.text(using: &random)
                )
            )
        case 12: .device(Self.text(using: &random))
        case 13: Bool.random(using: &random) ? .paused : .resumed
        case 14: .recognition(.connectionLost)
        default:
            Self.state(
                [.connecting, .waitingForReady, .streaming, .waiting, .draining, .closed]
                    .randomElement(using: &random) ?? .connecting
            )
        }
    }

    private static func text(using random: inout SplitMix64) -> String {
        let words = [
            "a", "paw", "Labrador", "腫れて", "👩‍⚕️", "e\u{301}\u{301}", "\u{301}", "\u{200B}", "\u{1B}[2J", "\n", "\t",
            "\u{9B}", "",
            "🇳🇱", "한국어", "wordthatislongerthananyrowofasmallterminal", String(repeating: "x\u{301}", count: 30),
        ]
        return (0..<Int.random(in: 0...20, using: &random))
            .map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
    }
}
