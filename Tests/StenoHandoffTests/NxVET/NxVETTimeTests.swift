import StenoHandoff
import StenoWire
import Testing

@Suite("NxVET: times")
struct NxVETTimeTests {
    @Test(
        "Milliseconds, seconds and ISO 8601 are the same moment (NC-15)",
        arguments: [
            .integer(1_778_400_000_000), .integer(1_778_400_000), .number(1_778_400_000_000), "1778400000000",
            "2026-05-10T08:00:00Z", "2026-05-10T08:00Z", "2026-05-10t08:00:00.000z", "2026-05-10T10:00:00+02:00",
            "2026-05-10T03:00-0500", "2026-05-10 08:00:00", "2026-05-10T08:00:00,0Z",
        ] as [JSONValue]
    )
    func forms(value: JSONValue) {
        #expect(NxVETTime(value)?.milliseconds == 1_778_400_000_000)
    }

    @Test(
        "What is no moment is none",
        arguments: [
            .null, .bool(true), .integer(0), .integer(-1), .integer(999_999_999), .integer(.max), .integer(.min),
            .number(1e300), .number(-1e300), .number(1.5), [], [:], "", "soon", "2026-02-30T08:00Z",
            "2026-13-01T08:00Z", "2026-05-10", "2026-05-10T24:00Z", "2026-05-10T08:60Z", "2026-05-10T08:00Zx",
            "2026-05-10T08:00+25:00", "2026-05-10T08:00+1", "99999999999999999999", "2026-05-10T08:00:00.Z",
            "0000-01-01T00:00Z",
        ] as [JSONValue]
    )
    func nothing(value: JSONValue) {
        #expect(NxVETTime(value) == nil)
    }

    @Test("A text without an offset is of the place that is asked for")
    func local() {
        let time = NxVETTime(iso: "2026-05-10T10:00", offset: { _ in 7_200 })
        #expect(time?.description == "2026-05-10T08:00:00Z")
        #expect(NxVETTime(iso: "2026-05-10T10:00Z", offset: { _ in 7_200 })?.description == "2026-05-10T10:00:00Z")
        #expect(NxVETTime(iso: "2026-05-10T10:00", offset: { _ in .max }) == nil)
    }

    @Test("It is written in UTC, with milliseconds only where there are some")
    func text() {
        #expect(NxVETTime(milliseconds: 0)?.description == "1970-01-01T00:00:00Z")
        #expect(NxVETTime(milliseconds: 1_778_400_000_007)?.description == "2026-05-10T08:00:00.007Z")
        #expect(NxVETTime(milliseconds: 253_402_300_799_999)?.description == "9999-12-31T23:59:59.999Z")
        #expect(NxVETTime(milliseconds: 253_402_300_800_000) == nil)
        #expect(NxVETTime(milliseconds: -1) == nil)
    }
}
