import Steno
import Testing

@Suite("Lengths of time")
struct DurationTextTests {
    @Test(
        "They are read as people write them",
        arguments: [
            ("90", 90_000), ("90s", 90_000), ("1.5 s", 1_500), ("250ms", 250), ("2min", 120_000), ("2 m", 120_000),
            ("1h30m", 5_400_000), ("1:30", 90_000), ("1:02:03", 3_723_000), ("0", 0), ("1 d", 86_400_000),
            ("0:00.5", 500), ("10 MIN", 600_000),
        ]
    )
    func reads(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(
        "What is no length of time is refused",
        arguments: [
            "", " ", "-1", "s", "1x", "1s1m", "5m5m", "1:60", ":", "1:", ":1", "1:2:3:4", "nan", "1e3", "inf", ".",
            "999999999999999999", "1:-1", "1..2", "١s", "+5",
        ]
    )
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("What is shown reads back to the same")
    func roundTrip() {
        for milliseconds: Int64 in [0, 1, 250, 1_000, 30_000, 60_000, 90_000, 600_000, 3_600_000, 5_400_000] {
            let duration = Duration.milliseconds(milliseconds)
            #expect(DurationText.parse(DurationText.format(duration)) == duration)
        }
        #expect(DurationText.format(.seconds(600)) == "10 min")
    }
}
