import StenoCore
import Testing

/// Lets the machine meet cards that do anything at any time, and holds its promises against the truth. A failure prints
/// its seed; run that seed alone to replay it.
@Suite("Capture state machine: adversary")
struct CaptureStateMachineAdversaryTests {
    @Test("Whatever a card does, the timeline stays in step with the clock, nothing spins, and everything ends")
    func survives() {
        for seed in UInt64(0)..<300 {
            var world = CaptureStateMachineWorld(seed: seed)
            world.run(happenings: 60)
            #expect(world.violations == [], "seed \(seed)")
        }
    }
}
