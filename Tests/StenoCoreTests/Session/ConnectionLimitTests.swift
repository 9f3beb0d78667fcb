import StenoCore
import Testing

@Suite("Connection limit")
struct ConnectionLimitTests {
    @Test("Nothing is known of a limit until the same length was seen twice, give or take a twentieth")
    func learns() {
        var limit = ConnectionLimit(told: nil)
        limit.closed(after: .seconds(3_600))
        #expect(limit.length == nil)
        limit.closed(after: .seconds(700))
        #expect(limit.length == nil)
        limit.closed(after: .seconds(3_450))
        #expect(limit.length == .seconds(3_450))
    }

    @Test("Connections that end within five minutes teach nothing")
    func tooShort() {
        var limit = ConnectionLimit(told: nil)
        for _ in 0..<5 { limit.closed(after: .seconds(299)) }
        #expect(limit.length == nil)
    }

    @Test("What was told holds until the service turns out to be stricter")
    func told() {
        var limit = ConnectionLimit(told: .seconds(3_600))
        #expect(limit.length == .seconds(3_600))
        for _ in 0..<2 { limit.closed(after: .seconds(1_800)) }
        #expect(limit.length == .seconds(1_800))
    }

    @Test("A connection that outlasts what was learned takes it back, and only so many are remembered")
    func unlearns() {
        var limit = ConnectionLimit(told: nil)
        for length in [600, 600, 900] { limit.closed(after: .seconds(length)) }
        #expect(limit.length == nil)
        for length in [1_200, 1_500, 2_000, 2_400, 900] { limit.closed(after: .seconds(length)) }
        #expect(limit.length == nil)
    }
}
