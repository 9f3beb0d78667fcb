import Steno
import Testing

@Suite("Paint latency")
struct PaintLatencyTests {
    @Test("Without any there is nothing to tell")
    func none() {
        let latency = PaintLatency()
        #expect(latency.count == 0 && latency.p50 == .zero && latency.p99 == .zero && latency.max == .zero)
    }

    @Test("Quantiles are right to an eighth, and never more than the longest")
    func quantiles() {
        var latency = PaintLatency()
        for milliseconds in 1...1_000 { latency.record(.milliseconds(milliseconds)) }
        #expect(latency.count == 1_000)
        #expect(latency.p50 >= .milliseconds(500) && latency.p50 <= .milliseconds(563))
        #expect(latency.p99 >= .milliseconds(990) && latency.p99 <= .milliseconds(1_000))
        #expect(latency.max == .milliseconds(1_000))
    }

    @Test(
        "Any length has a place",
        arguments: [.zero, .seconds(-1), .nanoseconds(1), .microseconds(1), .microseconds(3), .seconds(1e15)]
            as [Duration]
    )
    func extremes(length: Duration) {
        var latency = PaintLatency()
        latency.record(length)
        #expect(latency.count == 1)
        #expect(latency.p50 == latency.p99)
        #expect(latency.p99 <= max(length, .microseconds(2)))
    }
}
