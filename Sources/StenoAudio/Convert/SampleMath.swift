/// The arithmetic between interleaved frames of floats and 16-bit mono. Full scale is 1.
enum SampleMath {
    /// 36 dB above full scale. What is louder is damage, and must not flood a filter.
    private static let loudest: Float = 64

    /// Puts the mean of each frame's channels into `mono`. What is no number becomes silence, so that one damaged
    /// sample does not spoil its neighbours in a filter.
    static func downmix(_ frames: UnsafeBufferPointer<Float>, channels: Int, into mono: UnsafeMutablePointer<Float>) {
        guard let base = frames.baseAddress else { return }
        let count = frames.count / channels
        switch channels {
        case 1:
            for frame in 0..<count { mono[frame] = Self.tame(base[frame]) }
        case 2:
            for frame in 0..<count { mono[frame] = Self.tame((base[2 &* frame] + base[2 &* frame &+ 1]) * 0.5) }
        default:
            let share = 1 / Float(channels)
            var next = base
            for frame in 0..<count {
                var sum: Float = 0
                for channel in 0..<channels { sum += next[channel] }
                mono[frame] = Self.tame(sum * share)
                next += channels
            }
        }
    }

    /// Rounds to the nearest 16-bit sample, ties to even, and clips. Returns how many samples were clipped.
    static func quantize(
        _ values: UnsafePointer<Float>,
        count: Int,
        into samples: UnsafeMutablePointer<Int16>
    ) -> Int {
        // Added to a number of this size, the rounded integer stands in the low bits of the sum: rounding, conversion
        // and wrap-around in one operation that cannot trap and that the compiler can do on many samples at once.
        let rounder: Float = 12_582_912
        var clipped: Int32 = 0
        for index in 0..<count {
            let value = values[index] * 32_768
            let limited = min(max(value, -32_768), 32_767)
            clipped &+= value > 32_767.5 || value < -32_768.5 ? 1 : 0
            samples[index] = Int16(truncatingIfNeeded: (limited + rounder).bitPattern)
        }
        return Int(clipped)
    }

    @inline(__always)
    private static func tame(_ value: Float) -> Float {
        let number = value == value ? value : 0
        return min(max(number, -Self.loudest), Self.loudest)
    }
}
