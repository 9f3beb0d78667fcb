import StenoHTTP
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// 1994-11-06T08:49:37Z.
    private let now: Int64 = 784_111_777

    @Test(
        "Seconds are kept between 1 and 120",
        arguments: [
            ("0", 1_000), ("1", 1_000), ("7", 7_000), (" 30 ", 30_000), ("2.5", 2_500), ("121", 120_000),
            ("99999999999999999999", 120_000),
        ]
    )
    func seconds(text: String, milliseconds: Int64) {
        #expect(RetryAfter.duration(text, secondsSince1970: self.now) == .milliseconds(milliseconds))
    }

    @Test("A date is a delay from now, kept between 1 and 120 seconds")
    func dates() {
        #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:50:00 GMT", secondsSince1970: self.now) == .seconds(23))
        #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:00:00 GMT", secondsSince1970: self.now) == .seconds(1))
        #expect(RetryAfter.duration("Sun, 06 Nov 2094 08:00:00 GMT", secondsSince1970: self.now) == .seconds(120))
        #expect(RetryAfter.duration("1994-11-06T08:49:47.5Z", secondsSince1970: self.now) == .seconds(10))
    }

    @Test("A moment in Unix seconds is a delay from now")
    func moments() {
        #expect(RetryAfter.until("784111787", secondsSince1970: self.now) == .seconds(10))
        #expect(RetryAfter.until("0", secondsSince1970: self.now) == .seconds(1))
    }

    @Test(
        "What is neither number nor date asks for nothing",
        arguments: [
            "", "-1", "soon", "1e9", "nan", "1.2.3", "Sun, 06 Foo 1994 08:50:00 GMT", "1994-13-06T08:49:47Z", "١",
        ]
    )
    func nonsense(text: String) {
        #expect(RetryAfter.duration(text, secondsSince1970: self.now) == nil)
    }
}

@Suite("HTTP date")
struct HTTPDateTests {
    @Test(
        "Known dates give known seconds",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Int64(0)), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
            ("2000-03-01T00:00:00Z", 951_868_800), ("2024-02-29T12:00:00.123Z", 1_709_208_000),
        ]
    )
    func known(text: String, seconds: Int64) {
        #expect(HTTPDate.secondsSince1970(text) == seconds)
    }

    @Test(
        "Impossible dates are no dates",
        arguments: [
            "", "T", "Z", "T Z", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT", "2024-02-29T12:00:00+01:00", "2024-02T12:00:00Z", "::::T::::Z",
        ]
    )
    func impossible(text: String) {
        #expect(HTTPDate.secondsSince1970(text) == nil)
    }
}
