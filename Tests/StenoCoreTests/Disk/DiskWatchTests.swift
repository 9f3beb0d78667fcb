import StenoCore
import StenoTesting
import Testing

@Suite("Watching the disk")
struct DiskWatchTests {
    private static let gigabyte: Int64 = 1_000_000_000

    private func room(_ percent: Int64, of total: Int64) -> DiskRoom {
        DiskRoom(free: total / 100 * percent, total: total)
    }

    @Test("Each share is told once, when it is reached")
    func shares() {
        var watch = DiskWatch()
        let total = 100 * Self.gigabyte
        var told: [Int64: DiskNotice] = [:]
        for percent in (Int64(0)...100).reversed() {
            let room = self.room(percent, of: total)
            if let notice = watch.measured(room, keepsReserve: true) { told[percent] = notice }
            #expect(watch.measured(room, keepsReserve: true) == nil)
        }
        #expect(told == [20: .low(self.room(20, of: total)), 5: .veryLow(self.room(5, of: total))])
    }

    @Test("A fifth of a large disk is no news, a twentieth is")
    func large() {
        var watch = DiskWatch()
        #expect(watch.measured(self.room(19, of: 2_000 * Self.gigabyte), keepsReserve: true) == nil)
        #expect(watch.measured(self.room(6, of: 2_000 * Self.gigabyte), keepsReserve: true) == nil)
        #expect(watch.measured(self.room(5, of: 2_000 * Self.gigabyte), keepsReserve: true) != nil)
    }

    @Test("On a small disk less than an hour is very little, whatever its share")
    func small() {
        var watch = DiskWatch()
        let half = DiskRoom(free: 60_000_000, total: 120_000_000)
        #expect(watch.measured(half, keepsReserve: true) == .veryLow(half))
    }

    @Test("What goes up and down by a little is not told again")
    func hysteresis() {
        var watch = DiskWatch()
        let total = 100 * Self.gigabyte
        #expect(watch.measured(self.room(5, of: total), keepsReserve: true) != nil)
        for percent in [7, 5, 6, 5, 7, 4] as [Int64] {
            #expect(watch.measured(self.room(percent, of: total), keepsReserve: true) == nil)
        }
        #expect(watch.measured(self.room(9, of: total), keepsReserve: true) == .roomAgain)
        #expect(watch.level == .low)
        #expect(watch.measured(self.room(40, of: total), keepsReserve: true) == nil)
        #expect(watch.measured(self.room(20, of: total), keepsReserve: true) != nil)
    }

    @Test("A full disk is told when the reserve goes, when nothing is left, and when it is over")
    func full() {
        var watch = DiskWatch()
        #expect(watch.refused(reserve: 8 << 20) == .usingReserve(.seconds(233)))
        #expect(watch.accepted() == nil)
        #expect(watch.measured(DiskRoom(free: 0, total: 1 << 40), keepsReserve: false) == nil)
        #expect(watch.refused(reserve: 0) == .full)
        #expect(watch.refused(reserve: 0) == nil)
        #expect(watch.accepted() == .goesOn)
        #expect(watch.accepted() == nil)
        #expect(watch.measured(DiskRoom(free: 1 << 39, total: 1 << 40), keepsReserve: true) == .roomAgain)
        #expect(watch.measured(DiskRoom(free: 1 << 39, total: 1 << 40), keepsReserve: true) == nil)
    }

    @Test("Whatever a disk does, full and its end alternate, and no share is told while it is full")
    func adversary() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            var watch = DiskWatch()
            var isFull = false
            for _ in 0..<300 {
                let notice: DiskNotice?
                switch Int.random(in: 0..<10, using: &random) {
                case 0: notice = watch.refused(reserve: Bool.random(using: &random) ? 1 << 22 : 0)
                case 1..<5: notice = watch.accepted()
                default:
                    let total = Int64.random(in: -5...(1 << 42), using: &random)
                    let room = DiskRoom(free: Int64.random(in: -5...max(0, total), using: &random), total: total)
                    notice = watch.measured(room, keepsReserve: Bool.random(using: &random))
                }
                switch notice {
                case .full:
                    #expect(!isFull, "seed \(seed)")
                    isFull = true
                case .goesOn:
                    #expect(isFull, "seed \(seed)")
                    isFull = false
                case .low, .veryLow: #expect(!isFull && !watch.isOnReserve, "seed \(seed)")
                case .roomAgain, .usingReserve, nil: break
                }
            }
        }
    }

    @Test("Each says what happened and what to do")
    func words() {
        let lines: [(DiskNotice, String)] = [
            (
                .low(DiskRoom(free: 10 * Self.gigabyte, total: 60 * Self.gigabyte)),
                "The disk has 16 % left, enough for at least 77 hours. Free some space on it."
            ),
            (
                .veryLow(DiskRoom(free: 90_000_000, total: 60 * Self.gigabyte)),
                "Only 0 % of the disk is left, enough for at least 41 minutes. Free space on it now."
            ),
            (
                .veryLow(DiskRoom(free: 3_000_000, total: 4_000_000)),
                "The disk has room for 83 seconds of recording, or a little more. Free space on it now."
            ),
            (.roomAgain, "The disk has room again."),
            (
                .usingReserve(.seconds(233)),
                "The disk is full. The recording goes on in space kept for this, for at least 3 minutes. "
                    + "Free space on it now."
            ),
            (
                .full,
                "The disk is full. What is said is held in memory, for one minute; then it will be missing. "
                    + "Free space on it now."
            ),
            (.goesOn, "The disk has room again. What was held in memory is written."),
        ]
        for (notice, line) in lines { #expect(notice.words == line) }
        #expect(DiskNotice.veryLow(DiskRoom(free: 400 * Self.gigabyte, total: 0)).words.contains("128 days"))
        #expect(DiskNotice.veryLow(DiskRoom(free: 0, total: 0)).words.contains("0 seconds"))
        #expect(DiskNotice.low(DiskRoom(free: 36_000 * 3_700, total: 1 << 40)).words.contains("61 minutes"))
    }
}
