import StenoCore

/// What a WAV header says about the samples that follow it. It promises, and may be wrong: `WAVExtent` compares it with
/// the file.
package struct WAVHeader: Hashable, Sendable {
    /// How one sample is written.
    package enum Encoding: Hashable, Sendable {
        /// Unsigned, unlike the wider ones.
        case integer8
        case integer16, integer24, integer32
        case float32, float64
        case aLaw, muLaw
        /// A kind that only libsndfile reads, such as ADPCM.
        case other(tag: UInt16)

        /// `nil` for a kind whose samples have no fixed size.
        package var bytesPerSample: Int? {
            switch self {
            case .integer8, .aLaw, .muLaw: 1
            case .integer16: 2
            case .integer24: 3
            case .integer32, .float32: 4
            case .float64: 8
            case .other: nil
            }
        }
    }

    /// The most channels that are taken for real.
    package static let maximumChannels = 64
    /// The lowest rate, in Hz, that is taken for real.
    package static let minimumRate = 1_000
    /// The highest rate, in Hz, that is taken for real.
    package static let maximumRate = 768_000

    package var encoding: Encoding
    /// 1...64.
    package var channels: Int
    /// 1,000...768,000 Hz.
    package var rate: Int
    /// `RIFX`: sizes and samples have the high byte first.
    package var isBigEndian: Bool
    /// Where the first sample lies, in bytes from the start of the file.
    package var dataOffset: Int64
    /// The size of the samples as written in the header. `nil` where the header itself says that it does not know, as
    /// programs do that write into a pipe.
    package var declaredBytes: Int64?

    /// `nil` for a kind whose samples have no fixed size.
    package var bytesPerFrame: Int? {
        self.encoding.bytesPerSample.map { $0 * self.channels }
    }

    package init(
        encoding: Encoding,
        channels: Int,
        rate: Int,
        isBigEndian: Bool = false,
        dataOffset: Int64 = 44,
        declaredBytes: Int64?
    ) {
        self.encoding = encoding
        self.channels = channels
        self.rate = rate
        self.isBigEndian = isBigEndian
        self.dataOffset = dataOffset
        self.declaredBytes = declaredBytes
    }
}

extension WAVHeader {
    /// A channel or rate count that no recording has is damage or malice.
    static func isPossible(rate: Int, channels: Int) -> Bool {
        (1...Self.maximumChannels).contains(channels) && (Self.minimumRate...Self.maximumRate).contains(rate)
    }

    /// The samples already are what every session reads, and need no conversion.
    var isTimelineFormat: Bool {
        self.encoding == .integer16 && self.channels == 1 && self.rate == SamplePosition.rate && !self.isBigEndian
    }
}
