/// A small random generator with a seed, so that every adversary can be run again: a failing test prints its seed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        self.state = seed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(self.state)
    }

    /// A number in -1..<1.
    package mutating func nextFraction() -> Double {
        Double(Int64(bitPattern: self.next()) >> 11) / 4_503_599_627_370_496
    }

    /// Scatters `value` over 64 bits: a different result for every different value.
    package static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
