/// The audio of a script, prepared for finding a stretch of it again.
package final class ScriptedAudio: Sendable {
    /// Samples of a block: 80 ms.
    static let blockFrames = 1_280
    /// Largest audio file: an hour and a half of 16 kHz mono.
    static let fileLimit = 192 << 20

    package let samples: [Int16]
    /// First sample of each block whose content occurs once, by the content's hash. Blocks that repeat, such as digital
    /// silence, say nothing about the place and are left out.
    let blocks: [UInt64: Int]

    package init(samples: [Int16]) {
        self.samples = samples
        var blocks: [UInt64: Int] = [:]
        var repeated: Set<UInt64> = []
        var start = 0
        while start + Self.blockFrames <= samples.count {
            let hash = RollingHash.of(samples[start..<(start + Self.blockFrames)])
            if blocks.updateValue(start, forKey: hash) != nil { repeated.insert(hash) }
            start += Self.blockFrames
        }
        for hash in repeated { blocks[hash] = nil }
        self.blocks = blocks
    }

    /// Reads a WAV file of 16-bit samples at 16 kHz with one channel.
    package convenience init(path: String) throws(SandboxError) {
        let bytes = try FileBytes.read(path, limit: Self.fileLimit)
        guard let wave = WaveHeader(bytes[...]), wave.isSandboxFormat else {
            throw SandboxError("'\(path)' is no 16 kHz mono 16-bit WAV. Convert it for use in a session.")
        }
        let data = bytes[wave.data.clamped(to: 0..<bytes.count)]
        self.init(samples: Samples.decoded(data))
    }

    /// Beyond the end there is silence, as a client appends it.
    func sample(at frame: Int) -> Int16 { frame < self.samples.count ? self.samples[frame] : 0 }
}

extension ScriptedAudio: Hashable {
    package static func == (lhs: ScriptedAudio, rhs: ScriptedAudio) -> Bool { lhs.samples == rhs.samples }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.samples.count) }
}

/// A hash of the last 1,280 samples that moves along a stream at the cost of one step per sample.
struct RollingHash {
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// `base` to the power of the block's length: the weight of the sample that leaves.
    private static let leaving: UInt64 = {
        var power: UInt64 = 1
        for _ in 0..<ScriptedAudio.blockFrames { power = power &* base }
        return power
    }()

    private(set) var value: UInt64 = 0

    mutating func enter(_ sample: Int16) {
        self.value = self.value &* Self.base &+ Self.weight(sample)
    }

    /// Call after `enter` for the sample that is now one too many.
    mutating func leave(_ sample: Int16) {
        self.value = self.value &- Self.weight(sample) &* Self.leaving
    }

    static func of(_ samples: ArraySlice<Int16>) -> UInt64 {
        var hash = RollingHash()
        for sample in samples { hash.enter(sample) }
        return hash.value
    }

    private static func weight(_ sample: Int16) -> UInt64 { UInt64(UInt16(bitPattern: sample)) }
}

/// Raw samples: 16 bits, little-endian.
enum Samples {
    /// An odd byte at the end is left out.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        bytes.withUnsafeBytes { raw in
            (0..<(raw.count / 2)).map { index in
                Int16(littleEndian: raw.loadUnaligned(fromByteOffset: index * 2, as: Int16.self))
            }
        }
    }
}
