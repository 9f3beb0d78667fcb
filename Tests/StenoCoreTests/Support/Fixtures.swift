import StenoCore

extension AudioSpan {
    /// A span given in seconds, as a person would say it.
    static func seconds(_ range: Range<Double>) -> AudioSpan {
        AudioSpan(start: .init(seconds: range.lowerBound), end: .init(seconds: range.upperBound))
    }
}

extension SamplePosition {
    static func seconds(_ seconds: Double) -> SamplePosition { SamplePosition(seconds: seconds) }
}

extension SplitMix64 {
    /// True in `percent` of a hundred cases.
    mutating func happens(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
