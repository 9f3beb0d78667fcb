import Glibc

/// Measures, 20 ms at a time, how much sound there is where voices are strong and rooms are not: about 300 to 1,800 Hz.
///
/// Four samples are summed, which takes the hiss above; the difference between neighbouring sums takes rumble, hum and
/// any constant offset below. Both are plain integer arithmetic on four samples at once, so an hour of audio costs
/// hundredths of a second, and the result is the same on every machine.
struct BandEnergy: Sendable {
    /// 20 ms at 16 kHz.
    static let frameSamples = 320
    private static let frameWords = frameSamples / 4

    /// The frame being filled, four samples to a word.
    private var words = [UInt64](repeating: 0, count: frameWords)
    private(set) var filled = 0
    /// The last sum of the frame before; `nil` before the first, which so makes no step out of an offset.
    private var previous: Int64?

    /// Takes samples from the front of `samples` until a frame is full, and returns its energy; `nil` when they ran out
    /// before. Pieces may be of any size.
    mutating func next(from samples: inout UnsafeBufferPointer<Int16>) -> Double? {
        guard let base = samples.baseAddress else { return nil }
        let count = min(samples.count, Self.frameSamples - self.filled)
        let filled = self.filled
        self.words.withUnsafeMutableBytes { bytes in
            _ = memcpy(bytes.baseAddress! + filled * 2, base, count * 2)
        }
        samples = UnsafeBufferPointer(start: base + count, count: samples.count - count)
        self.filled += count
        return self.filled == Self.frameSamples ? self.measure() : nil
    }

    /// Ends a frame that is not full by holding its last sample, which adds no energy. `nil` when there is none.
    mutating func finish() -> Double? {
        let filled = self.filled
        guard filled > 0 else { return nil }
        self.words.withUnsafeMutableBytes { bytes in
            let last = bytes.load(fromByteOffset: (filled - 1) * 2, as: Int16.self)
            for index in filled..<Self.frameSamples {
                bytes.storeBytes(of: last, toByteOffset: index * 2, as: Int16.self)
            }
        }
        return self.measure()
    }

    /// The sum of squares of a frame that hisses at `level` dBFS in the band, for setting thresholds.
    static func energy(level: Double) -> Double {
        // A sum of four is 4 times, and the difference at the top of the band 2 times, as high as a sample.
        pow(10, level / 10) * 32_768 * 32_768 * 16 * 4 * Double(Self.frameWords)
    }

    private mutating func measure() -> Double {
        self.filled = 0
        var previous = self.previous ?? Self.sum(self.words[0])
        var energy: Int64 = 0
        self.words.withUnsafeBufferPointer { words in
            // Pointer, `while` and wrapping operators, because this loop must be bearable without optimisation as well.
            // In range: a sum has 18 bits, a square 36, and a frame of 80 squares 43.
            let base = words.baseAddress!
            var index = 0
            while index < Self.frameWords {
                let sum = Self.sum(base[index])
                let difference = sum &- previous
                energy &+= difference &* difference
                previous = sum
                index &+= 1
            }
        }
        self.previous = previous
        return Double(energy)
    }

    /// The sum of the four samples in `word`, plus a constant that differences take out again. Their order in the word
    /// does not matter.
    @inline(__always)
    private static func sum(_ word: UInt64) -> Int64 {
        // The flipped sign bit makes each sample unsigned, so that lanes can be added without touching each other.
        let raised = word ^ 0x8000_8000_8000_8000
        let pairs = (raised & 0x0000_FFFF_0000_FFFF) &+ ((raised &>> 16) & 0x0000_FFFF_0000_FFFF)
        return Int64(bitPattern: (pairs & 0xFFFF_FFFF) &+ (pairs &>> 32))
    }
}
