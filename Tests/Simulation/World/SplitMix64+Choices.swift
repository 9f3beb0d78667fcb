import StenoCore

extension SplitMix64 {
    /// True in `percent` of a hundred cases.
    mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    /// Between 0 and 1.
    mutating func unit() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    mutating func seconds(_ range: ClosedRange<Double>) -> Duration {
        .nanoseconds(Int64((range.lowerBound + (range.upperBound - range.lowerBound) * self.unit()) * 1e9))
    }

    mutating func frames(_ range: ClosedRange<Double>) -> Int64 {
        Int64((range.lowerBound + (range.upperBound - range.lowerBound) * self.unit()) * Double(SamplePosition.rate))
    }

    mutating func pick<Element>(_ choices: Element...) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let parts = self.components
        return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }

    /// How long `frames` of the timeline last.
    static func lasting(_ frames: Int64) -> Duration {
        .nanoseconds(frames * 1_000_000_000 / Int64(SamplePosition.rate))
    }
}
