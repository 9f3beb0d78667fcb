import Glibc

/// Measures how loud audio is, and the two faults that a level shows: clipping, and a microphone that gives nothing.
package struct LevelMeter: Hashable, Sendable {
    /// The highest magnitude, 0...32,768.
    package private(set) var peak = 0
    /// Samples at full scale: one now and then is music, many are distortion.
    package private(set) var clippedFrames: Int64 = 0
    /// Samples of exact zero at the end of what was heard. No real microphone gives zeros for a second.
    package private(set) var zeroRun: Int64 = 0
    package private(set) var frames: Int64 = 0
    private var energy = 0.0

    package init() {}

    /// Takes the next samples, in pieces of any size.
    package mutating func accept(_ samples: UnsafeBufferPointer<Int16>) {
        guard let base = samples.baseAddress, !samples.isEmpty else { return }
        var (lowest, highest) = (Int16(0), Int16(0))
        var (squares, clipped) = (Int64(0), Int64(0))
        for index in 0..<samples.count {
            let sample = base[index]
            lowest = min(lowest, sample)
            highest = max(highest, sample)
            squares &+= Int64(sample) &* Int64(sample)
            clipped &+= sample == .max || sample == .min ? 1 : 0
        }
        var zeros = 0
        while zeros < samples.count, base[samples.count - 1 - zeros] == 0 { zeros += 1 }

        self.peak = max(self.peak, -Int(lowest), Int(highest))
        self.clippedFrames += clipped
        self.zeroRun = zeros == samples.count ? self.zeroRun + Int64(zeros) : Int64(zeros)
        self.frames += Int64(samples.count)
        self.energy += Double(squares)
    }

    /// Root mean square relative to full scale, in dB; `-infinity` for digital silence and for nothing.
    package var rms: Double {
        self.frames == 0 ? -.infinity : 10 * log10(self.energy / Double(self.frames) / (32_768 * 32_768))
    }

    /// The peak relative to full scale, in dB; `-infinity` for digital silence and for nothing.
    package var peakLevel: Double { 20 * log10(Double(self.peak) / 32_768) }
}
