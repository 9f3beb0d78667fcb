import StenoCore
import StenoTesting
import Testing

@Suite("What coverage remembers")
struct CoverageMemoryTests {
    @Test("A machine made from a memory says the same of every sample, and decides the same from then on")
    func sameFromThenOn() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            var machine = CoverageStateMachine()
            for _ in 0..<40 { machine.doSomething(&random) }
            var resumed = CoverageStateMachine(machine.memory)
            #expect(resumed.totals == machine.totals, "seed \(seed)")
            var other = random
            for _ in 0..<20 {
                machine.doSomething(&random)
                resumed.doSomething(&other)
                #expect(resumed.totals == machine.totals, "seed \(seed)")
                #expect(resumed.unsettled == machine.unsettled, "seed \(seed)")
                #expect(resumed.replayStart == machine.replayStart, "seed \(seed)")
            }
        }
    }
}

extension CoverageStateMachine {
    fileprivate mutating func doSomething(_ random: inout SplitMix64) {
        let start = SamplePosition(frames: .random(in: 0..<800_000, using: &random))
        let span = AudioSpan(start: start, end: start + .random(in: 0..<40_000, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: self.captured(upTo: span.end)
        case 1: self.missed(span)
        case 2: self.spoke(span)
        case 3: self.sent(span)
        case 4: self.confirmed(span)
        case 5: self.connectionHeard(span)
        default: self.connectionBroke(span)
        }
    }
}
