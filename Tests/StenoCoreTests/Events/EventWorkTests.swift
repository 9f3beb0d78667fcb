import StenoCore
import Testing

@Suite("Work on announced events")
struct EventWorkTests {
    private let policy = EventPolicy()
    private let start: Int64 = 1_800_000_000_000

    @Test("What is read is kept, handed on, and done")
    func whole() {
        var work = EventWork(received: self.start)
        #expect(work.isDue(at: self.start, self.policy))
        #expect(work.read(.whole, at: self.start, self.policy, chance: 0) == .keep)
        #expect(work.stage == .handing && work.isDue(at: self.start, self.policy))
        #expect(work.handed(true, at: self.start, self.policy, chance: 0) == .end)
        #expect(work.stage == .done && !work.isDue(at: self.start, self.policy))
    }

    @Test("A failure is tried again after 5, 10, 20 … s and parked after 16")
    func failures() {
        var work = EventWork(received: self.start)
        var now = self.start
        var waits: [Int64] = []
        while work.read(.failed(retryAfter: nil), at: now, self.policy, chance: 0) == .again {
            waits.append(work.due - now)
            #expect(!work.isDue(at: work.due - 1, self.policy))
            now = work.due
        }
        #expect(waits.prefix(8) == [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000])
        #expect(waits.count == 15 && waits.last == 600_000)
        #expect(work.stage == .parked)
    }

    @Test("A service that asks for a pause gets it, within reason")
    func retryAfter() {
        var work = EventWork(received: self.start)
        _ = work.read(.failed(retryAfter: .seconds(90)), at: self.start, self.policy, chance: 0)
        #expect(work.due == self.start + 90_000)
        _ = work.read(.failed(retryAfter: .seconds(Int64.max / 4)), at: self.start, self.policy, chance: 0)
        #expect(work.due == self.start + 600_000)
    }

    @Test("What is still being made is looked at for half an hour, and then taken as it is")
    func patience() {
        var work = EventWork(received: self.start)
        var now = self.start
        var waits: [Int64] = []
        while work.read(.unfinished, at: now, self.policy, chance: 0) == .again {
            waits.append(work.due - now)
            now = work.due
        }
        #expect(waits.prefix(5) == [10_000, 20_000, 40_000, 80_000, 120_000])
        #expect(work.stage == .handing)
        #expect((1_800_000..<1_920_000).contains(now - self.start))
    }

    @Test("A start takes up what was parked, and reads it anew")
    func restart() {
        var work = EventWork(stage: .parked, tries: 16, due: 0, received: self.start, isEcho: false)
        #expect(!work.isDue(at: self.start, self.policy))
        work.restarted(at: self.start + 5)
        #expect(work.stage == .reading && work.tries == 0 && work.isDue(at: self.start + 5, self.policy))
    }

    @Test("A clock that was set back holds nothing up for longer than the longest delay")
    func clockSetBack() {
        let work = EventWork(stage: .handing, tries: 3, due: self.start, received: self.start, isEcho: false)
        #expect(work.isDue(at: self.start - 86_400_000, self.policy))
        #expect(!work.isDue(at: self.start - 600_000, self.policy))
    }

    @Test("Whatever order of answers, an event comes to rest and no number overflows", arguments: 0..<200)
    func adversary(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let extremes: [Int64] = [.min, .max, 0, -1, self.start]
        var now = extremes[Int.random(in: 0..<5, using: &random)]
        var work = EventWork(received: extremes[Int.random(in: 0..<5, using: &random)])
        for _ in 0..<200 where work.stage == .reading || work.stage == .handing {
            let readings: [EventWork.Reading] = [.whole, .unfinished, .failed(retryAfter: .seconds(Int64.max))]
            if work.stage == .reading {
                let reading = readings[Int.random(in: 0..<3, using: &random)]
                _ = work.read(reading, at: now, self.policy, chance: Double.random(in: -1...2, using: &random))
            } else {
                _ = work.handed(Bool.random(using: &random), at: now, self.policy, chance: 0.5)
            }
            _ = work.isDue(at: extremes[Int.random(in: 0..<5, using: &random)], self.policy)
            if work.due > now { now = work.due }
        }
        #expect(work.stage == .done || work.stage == .parked, "seed \(seed)")
    }
}

@Suite("Events that were here before")
struct EventNoveltyTests {
    private let now: Int64 = 1_800_000_000_000
    private let week: Int64 = 604_800_000

    @Test("A delivery is known for 7 days")
    func delivery() {
        #expect(EventNovelty(sameDelivery: self.now - self.week + 1, sameContent: nil, at: self.now) == .known)
        #expect(EventNovelty(sameDelivery: self.now - self.week, sameContent: nil, at: self.now) == .new)
        #expect(EventNovelty(sameDelivery: self.now + 10, sameContent: nil, at: self.now) == .known)
    }

    @Test("Another delivery that says the same within a minute is an echo, looked at when the minute is over")
    func echo() {
        #expect(
            EventNovelty(sameDelivery: nil, sameContent: self.now - 59_999, at: self.now)
                == .echo(due: self.now + 60_000)
        )
        #expect(EventNovelty(sameDelivery: nil, sameContent: self.now - 60_000, at: self.now) == .new)
        #expect(EventNovelty(sameDelivery: nil, sameContent: nil, at: self.now) == .new)
    }

    @Test("No time of day makes it overflow")
    func extremes() {
        for then in [Int64.min, .max, 0] {
            for now in [Int64.min, .max, 0] {
                _ = EventNovelty(sameDelivery: then, sameContent: then, at: now)
            }
        }
    }
}
