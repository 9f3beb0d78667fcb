package import StenoCore

extension SplitMix64 {
    /// A number in -1..<1.
    package mutating func nextFraction() -> Double {
        Double(Int64(bitPattern: self.next()) >> 11) / 4_503_599_627_370_496
    }
}
