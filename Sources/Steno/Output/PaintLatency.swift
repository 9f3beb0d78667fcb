/// How long interim text took from its arrival to the terminal: a histogram of a fixed size, exact to an eighth.
package struct PaintLatency: Hashable, Sendable {
    /// Buckets per doubling.
    private static let steps = 8
    /// The last bucket begins at 2^31 µs, which is 36 minutes: what takes longer counts as that.
    private static let buckets = 32 * Self.steps

    package private(set) var count = 0
    package private(set) var max = Duration.zero
    private var counts: [Int] = []

    package init() {}

    package mutating func record(_ latency: Duration) {
        if self.counts.isEmpty { self.counts = [Int](repeating: 0, count: Self.buckets) }
        self.counts[Self.bucket(of: latency)] += 1
        self.count += 1
        self.max = Swift.max(self.max, latency)
    }

    /// - Parameter quantile: 0...1.
    /// - Returns: what this part of all latencies did not exceed; zero when there were none.
    package func quantile(_ quantile: Double) -> Duration {
        let wanted = Int((Swift.min(1, Swift.max(0, quantile)) * Double(self.count)).rounded(.up))
        var seen = 0
        for (bucket, count) in self.counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return Swift.min(self.max, Self.end(of: bucket)) }
        }
        return self.max
    }

    package var p50: Duration { self.quantile(0.5) }
    package var p99: Duration { self.quantile(0.99) }

    private static func bucket(of latency: Duration) -> Int {
        let microseconds = Int(Swift.max(1, Swift.min(latency / .microseconds(1), 0x1.0p+40)))
        let octave = Int.bitWidth - 1 - microseconds.leadingZeroBitCount
        let step = ((microseconds - (1 << octave)) * Self.steps) >> octave
        return Swift.min(Self.buckets - 1, octave * Self.steps + step)
    }

    private static func end(of bucket: Int) -> Duration {
        let base = 1 << (bucket / Self.steps)
        let end = Double(base) * (1 + Double(bucket % Self.steps + 1) / Double(Self.steps))
        return .nanoseconds(Int64(end * 1_000))
    }
}
