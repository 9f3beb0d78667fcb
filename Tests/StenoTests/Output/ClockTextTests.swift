import Steno
import Testing

@Suite("Clock text")
struct ClockTextTests {
    @Test(
        "A length of time reads as on a clock, whatever the number",
        arguments: [
            (0, "00:00"), (59.6, "01:00"), (83, "01:23"), (3_723, "1:02:03"), (-5, "00:00"), (.nan, "00:00"),
            (.infinity, "99:59:59"),
        ] as [(Double, String)]
    )
    func text(seconds: Double, text: String) {
        #expect(ClockText.text(seconds) == text)
    }
}
