import StenoCore
@testable import StenoHandoff
import Testing

@Suite("ConnectVets: rate budget")
struct RateBudgetTests {
    @Test("Nothing is held back before anything was told, nor after the window has ended")
    func unknown() {
        var budget = RateBudget()
        #expect(budget.reserve(at: .seconds(1)) == nil)
        budget.told(remaining: 0, end: .seconds(10))
        #expect(budget.reserve(at: .seconds(4)) == .seconds(6))
        #expect(budget.reserve(at: .seconds(10)) == nil)
        #expect(budget.reserve(at: .seconds(10)) == nil)
    }

    @Test("What is left is counted down by every call, and answers that overtook one another change nothing")
    func counting() {
        var budget = RateBudget()
        budget.told(remaining: 2, end: .seconds(60))
        #expect(budget.reserve(at: .zero) == nil)
        budget.told(remaining: 5, end: .seconds(61))
        #expect(budget.reserve(at: .zero) == nil)
        #expect(budget.reserve(at: .zero) == .seconds(61))
        budget.told(remaining: 9, end: .seconds(120))
        #expect(budget.reserve(at: .zero) == nil)
        budget.told(remaining: -7, end: .seconds(120))
        #expect(budget.reserve(at: .zero) == .seconds(120))
    }

    @Test("Whatever is told in whatever order, no more leaves in a window than was left, and no wait outlasts it")
    func adversary() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            var budget = RateBudget()
            var now = Duration.zero
            for _ in 0..<200 {
                let end = now + .seconds(Int.random(in: 1...120, using: &random))
                let left = Int.random(in: 0...5, using: &random)
                budget.told(remaining: left, end: end)
                var sent = 0
                while budget.reserve(at: now) == nil, sent < 100 { sent += 1 }
                #expect(sent <= 5, "seed \(seed)")
                if let wait = budget.reserve(at: now) { now += wait }
                #expect(budget.reserve(at: now) == nil, "seed \(seed)")
                now += .milliseconds(Int.random(in: 0...70_000, using: &random))
            }
        }
    }
}
