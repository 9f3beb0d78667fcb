import StenoCore
import StenoTesting
import Testing

@Suite("Microphone monitor under a hostile device")
struct MicrophoneAdversaryTests {
    /// What really happened, kept apart from the monitor.
    private struct Truth {
        var lastSound: SamplePosition?
        var zeros: Int64 = 0
        var isWaiting = false
    }

    @Test("It never flaps, never lies about zeros, and alarms once for each episode")
    func promises() {
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            var rig = MicrophoneRig()
            var truth = Truth()
            var last: MicrophoneChange?
            for _ in 0..<300 {
                Self.act(&rig, &truth, using: &random)
                for change in rig.news() {
                    #expect(change.condition != last?.condition || change.alert > last!.alert, "seed \(seed)")
                    last = change
                }
                Self.check(rig, truth, seed: seed)
            }
            #expect(rig.mostInASecond <= 4, "seed \(seed)")
        }
    }

    private static func check(_ rig: MicrophoneRig, _ truth: Truth, seed: UInt64) {
        let condition = rig.monitor.condition
        if condition == .digitalZero {
            #expect(truth.zeros >= 48_000, "seed \(seed): a sound is denied")
        } else if truth.zeros >= 48_000 {
            #expect(condition == .noData, "seed \(seed): zeros are not told")
        }
        if truth.isWaiting { #expect(condition == .noData, "seed \(seed): a device that is gone is not told") }
        if condition == .listening || condition == .speech { #expect(rig.monitor.alert == .none, "seed \(seed)") }
    }

    /// Something a device might do, for a while.
    private static func act(_ rig: inout MicrophoneRig, _ truth: inout Truth, using random: inout SplitMix64) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0:
            rig.receive(.waiting(.allCases.randomElement(using: &random) ?? .absent))
            truth.isWaiting = true
        case 1: rig.waitFor(Int.random(in: 0..<40, using: &random))
        case 2: rig.receive(.running)
        case 3: rig.receive(.level(Self.nonsense(using: &random)))
        case 4: rig.receive(.gap(start: rig.position, frames: .max, cause: .stalled))
        default:
            let amplitude = [0, 0, 0, 1, 5, 60, 400, 6_000, 32_768].randomElement(using: &random) ?? 0
            let offset = random.happens(20) ? Int.random(in: -1_000...1_000, using: &random) : 0
            let clipped: Int64 = amplitude == 32_768 ? 800 : 0
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let frames = random.happens(90) ? 1_600 : Int64.random(in: 1...4_000, using: &random)
                rig.receive(
                    .steady(amplitude: amplitude, offset: offset, clipped: clipped, at: rig.position, frames: frames)
                )
                let isZero = amplitude == 0 && offset == 0
                truth.zeros = isZero ? truth.zeros + frames : 0
                if truth.isWaiting { truth.isWaiting = false }
            }
        }
    }

    /// What no device delivers and no program should believe.
    private static func nonsense(using random: inout SplitMix64) -> LevelReading {
        let numbers = [Int64.min, -1, 0, 1, 1_600, .max]
        let fractions = [-Double.infinity, .nan, -1, 1e300, .infinity]
        return LevelReading(
            start: SamplePosition(frames: [Int64.min, -1, .max].randomElement(using: &random) ?? 0),
            frames: numbers.randomElement(using: &random) ?? 0,
            peak: [Int.min, -1, 0, 40_000, .max].randomElement(using: &random) ?? 0,
            squares: fractions.randomElement(using: &random) ?? 0,
            sum: fractions.randomElement(using: &random) ?? 0,
            clippedFrames: numbers.randomElement(using: &random) ?? 0,
            trailingZeros: numbers.randomElement(using: &random) ?? 0
        )
    }
}
