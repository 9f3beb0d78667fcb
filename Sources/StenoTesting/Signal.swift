import Glibc
package import StenoCore

/// Sound for tests, 16 kHz mono unless a rate is given.
package enum Signal {
    /// Samples whose value follows from their position, so that a test can tell where any piece came from, whether it
    /// is whole, and whether it is in its place.
    package static func indexed(_ frames: Range<Int64>) -> [Int16] {
        frames.map(Self.indexedSample)
    }

    package static func indexed(_ span: AudioSpan) -> [Int16] {
        Self.indexed(span.start.frames..<span.end.frames)
    }

    /// The sample of `indexed` at `frame`.
    package static func indexedSample(_ frame: Int64) -> Int16 {
        Int16(truncatingIfNeeded: SplitMix64.mix(UInt64(bitPattern: frame) &+ 0x9E37_79B9_7F4A_7C15))
    }

    package static func silence(frames: Int) -> [Int16] {
        [Int16](repeating: 0, count: frames)
    }

    /// A sine of `frequency` Hz that peaks at `amplitude` of full scale.
    package static func tone(
        _ frequency: Double,
        amplitude: Double = 0.5,
        frames: Int,
        rate: Int = SamplePosition.rate
    ) -> [Int16] {
        (0..<frames).map { frame in
            Self.sample(amplitude * sin(2 * .pi * frequency * Double(frame) / Double(rate)))
        }
    }

    /// White noise of `level` dBFS (root mean square).
    package static func noise(level: Double, frames: Int, seed: UInt64 = 1) -> [Int16] {
        var random = SplitMix64(seed: seed)
        let peak = pow(10, level / 20) * 3.0.squareRoot()
        return (0..<frames).map { _ in Self.sample(Double.random(in: -peak...peak, using: &random)) }
    }

    /// Rumble as of a street behind a window: noise that falls by 6 dB per octave above `corner` Hz, at `level` dBFS.
    package static func rumble(level: Double, corner: Double = 60, frames: Int, seed: UInt64 = 1) -> [Int16] {
        var random = SplitMix64(seed: seed)
        let keep = exp(-2 * .pi * corner / Double(SamplePosition.rate))
        var state = 0.0
        let values = (0..<frames).map { _ in
            state = keep * state + Double.random(in: -1...1, using: &random)
            return state
        }
        let power = values.reduce(0) { $0 + $1 * $1 } / Double(max(1, frames))
        let gain = pow(10, level / 20) / max(power.squareRoot(), 1e-9)
        return values.map { Self.sample($0 * gain) }
    }

    /// Sums two sounds sample by sample, for as long as the first lasts.
    package static func mixed(_ first: [Int16], _ second: [Int16]) -> [Int16] {
        first.indices.map { index in
            let other = index < second.count ? Int32(second[index]) : 0
            return Int16(clamping: Int32(first[index]) + other)
        }
    }

    private static func sample(_ value: Double) -> Int16 {
        Int16(clamping: Int((value * 32_767).rounded()))
    }
}
