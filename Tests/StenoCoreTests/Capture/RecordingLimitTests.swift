import StenoCore
import Testing

@Suite("Recording limit")
struct RecordingLimitTests {
    private static func at(_ seconds: Double) -> SamplePosition { SamplePosition(seconds: seconds) }
    private static let second = Int64(SamplePosition.rate)

    @Test("Without limits a recording goes on for ever")
    func unlimited() {
        var limit = RecordingLimit(duration: nil, silence: nil)
        #expect(limit.heard(.listening, upTo: Self.at(1e8)) == nil)
    }

    @Test("The duration is reached at its last frame and not before")
    func duration() {
        var limit = RecordingLimit(duration: 30 * Self.second, silence: nil)
        #expect(limit.heard(.speech, upTo: SamplePosition(frames: 30 * Self.second - 1)) == nil)
        #expect(limit.heard(.speech, upTo: Self.at(30)) == .duration)
    }

    @Test("Silence counts from the beginning when nobody ever spoke")
    func neverSpoke() {
        var limit = RecordingLimit(duration: nil, silence: 5 * Self.second)
        #expect(limit.heard(.listening, upTo: Self.at(4.9)) == nil)
        #expect(limit.heard(.listening, upTo: Self.at(5)) == .silence)
    }

    @Test("Speech starts the silence anew", arguments: [MicrophoneCondition.speech, .clipping])
    func speech(condition: MicrophoneCondition) {
        var limit = RecordingLimit(duration: nil, silence: 5 * Self.second)
        #expect(limit.heard(condition, upTo: Self.at(4)) == nil)
        #expect(limit.heard(.listening, upTo: Self.at(8.9)) == nil)
        #expect(limit.heard(.listening, upTo: Self.at(9)) == .silence)
    }

    @Test("A device that gives nothing is no silence")
    func noData() {
        var limit = RecordingLimit(duration: nil, silence: 5 * Self.second)
        #expect(limit.heard(.noData, upTo: Self.at(60)) == nil)
        #expect(limit.heard(.listening, upTo: Self.at(64)) == nil)
    }

    @Test("A muted microphone is silence")
    func muted() {
        var limit = RecordingLimit(duration: nil, silence: 5 * Self.second)
        #expect(limit.heard(.digitalZero, upTo: Self.at(5)) == .silence)
    }

    @Test("A pause counts neither as recorded nor as silence")
    func pause() {
        var limit = RecordingLimit(duration: 10 * Self.second, silence: 5 * Self.second)
        #expect(limit.heard(.speech, upTo: Self.at(4)) == nil)
        limit.paused(at: Self.at(4))
        #expect(limit.heard(.listening, upTo: Self.at(60)) == nil)
        limit.resumed(at: Self.at(60))
        #expect(limit.heard(.listening, upTo: Self.at(64)) == nil)
        #expect(limit.heard(.speech, upTo: Self.at(65)) == nil)
        #expect(limit.heard(.speech, upTo: Self.at(66)) == .duration)
    }

    @Test("Pausing twice and resuming without a pause change nothing")
    func repeated() {
        var limit = RecordingLimit(duration: 10 * Self.second, silence: nil)
        limit.resumed(at: Self.at(1))
        limit.paused(at: Self.at(2))
        limit.paused(at: Self.at(3))
        limit.resumed(at: Self.at(4))
        limit.resumed(at: Self.at(5))
        #expect(limit.heard(.listening, upTo: Self.at(11.9)) == nil)
        #expect(limit.heard(.listening, upTo: Self.at(12)) == .duration)
    }
}
