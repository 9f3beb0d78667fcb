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
        let peak = Self.amplitude(level: level) * 3.0.squareRoot()
        return (0..<frames).map { _ in Self.sample(peak * random.nextFraction()) }
    }

    /// Rumble as of a street behind a window: noise that falls by 6 dB per octave above `corner` Hz, at `level` dBFS.
    package static func rumble(level: Double, corner: Double = 60, frames: Int, seed: UInt64 = 1) -> [Int16] {
        var random = SplitMix64(seed: seed)
        let keep = exp(-2 * .pi * corner / Double(SamplePosition.rate))
        var state = 0.0
        let values = (0..<frames).map { _ in
            state = keep * state + random.nextFraction()
            return state
        }
        let power = values.reduce(0) { $0 + $1 * $1 } / Double(max(1, frames))
        let gain = Self.amplitude(level: level) / max(power.squareRoot(), 1e-9)
        return values.map { Self.sample($0 * gain) }
    }

    /// Something that a detector takes for speech: a buzz of 160 Hz with its strength around 500 and 1,500 Hz, in four
    /// syllables a second, at about `level` dBFS. Nobody could understand it.
    package static func voice(level: Double = -25, frames: Int) -> [Int16] {
        let gain = Self.amplitude(level: level)
        return (0..<frames).map { frame in
            Self.sample(gain * Self.buzz[frame % Self.buzz.count] * Self.syllable[frame % Self.syllable.count])
        }
    }

    private static let buzz: [Double] = (0..<100).map { frame in
        (1...20).reduce(0.0) { sum, harmonic in
            let frequency = 160.0 * Double(harmonic)
            let strength = 1 / (1 + pow((frequency - 500) / 150, 2)) + 0.5 / (1 + pow((frequency - 1_500) / 200, 2))
            return sum + strength * sin(2 * .pi * Double(harmonic * frame) / 100 + Double(harmonic))
        }
    }

    private static let syllable: [Double] = (0..<4_000).map { pow(sin(.pi * Double($0) / 4_000), 2) }

    /// Sums two sounds sample by sample, for as long as the first lasts.
    package static func mixed(_ first: [Int16], _ second: [Int16]) -> [Int16] {
        first.indices.map { index in
            let other = index < second.count ? Int32(second[index]) : 0
            return Int16(clamping: Int32(first[index]) + other)
        }
    }

    /// The share of full scale that `level` dB below it is.
    package static func amplitude(level: Double) -> Double {
        pow(10, level / 20)
    }

    private static func sample(_ value: Double) -> Int16 {
        Int16(clamping: Int((value * 32_767).rounded()))
    }
}
