/// Finds the format and the samples of a WAV file without reading anything itself: it names the bytes it wants, is
/// given them, and says what is next. The same parser so serves a file, a pipe and a fuzzer.
///
///     "RIFF" size "WAVE"   then chunks:   id size content [pad]   id size content [pad] …
///      RIFX: big-endian                   "fmt " the format          "data" the samples
///      RF64, BW64: sizes of 0xFFFFFFFF stand in a "ds64" chunk
///
/// Offsets only grow, so a pipe skips what lies in between.
package struct WAVHeaderParser: Sendable {
    package enum Step: Hashable, Sendable {
        /// Hand over `count` bytes from `offset`; fewer only where the input ends.
        case read(at: Int64, count: Int)
        case finished(WAVHeader)
        case rejected(Rejection)
    }

    /// Why this is no WAV header that can be used.
    package enum Rejection: Hashable, Sendable {
        case notWAV
        /// The input ends before the samples begin.
        case cutOff
        /// There is no usable format before the samples.
        case noFormat
        case impossibleFormat(rate: Int, channels: Int)
        case tooManyChunks
    }

    /// More chunks than any real file has before its samples; ends the walk through a hostile one.
    package static let maximumChunks = 4_096
    /// What is read of a format chunk; all known ones are at most this long.
    static let formatBytes = 40
    /// The part of a `ds64` chunk that matters.
    static let longSizeBytes = 16

    private enum State {
        case riff
        case chunk(at: Int64, afterOdd: Bool)
        case format(at: Int64, size: Int64)
        case longSizes(at: Int64, size: Int64)
    }

    private var state = State.riff
    private var chunks = 0
    private var isBigEndian = false
    private var hasLongSizes = false
    private var longDataBytes: Int64?
    private var format: WAVFormat?
    /// A `data` chunk met before the format.
    private var data: (offset: Int64, declaredBytes: Int64?)?

    package init() {}

    package var next: Step {
        switch self.state {
        case .riff: .read(at: 0, count: 12)
        case .chunk(let offset, let afterOdd): .read(at: offset, count: afterOdd ? 9 : 8)
        case .format(let offset, let size): .read(at: offset, count: Int(min(size, Int64(Self.formatBytes))))
        case .longSizes(let offset, let size): .read(at: offset, count: Int(min(size, Int64(Self.longSizeBytes))))
        }
    }

    package mutating func received(_ bytes: UnsafeRawBufferPointer) -> Step {
        switch self.state {
        case .riff: self.receivedRIFF(bytes)
        case .chunk(let offset, let afterOdd): self.receivedChunk(bytes, at: offset, afterOdd: afterOdd)
        case .format(let offset, let size): self.receivedFormat(bytes, at: offset, size: size)
        case .longSizes(let offset, let size): self.receivedLongSizes(bytes, at: offset, size: size)
        }
    }

    private mutating func receivedRIFF(_ bytes: UnsafeRawBufferPointer) -> Step {
        guard bytes.count >= 4 else { return .rejected(.notWAV) }
        switch ChunkID(bytes, at: 0) {
        case .riff: break
        case .rifx: self.isBigEndian = true
        case .rf64, .bw64: self.hasLongSizes = true
        default: return .rejected(.notWAV)
        }
        guard bytes.count >= 12 else { return .rejected(.cutOff) }
        guard ChunkID(bytes, at: 8) == .wave else { return .rejected(.notWAV) }
        return self.go(to: .chunk(at: 12, afterOdd: false))
    }

    private mutating func receivedChunk(_ bytes: UnsafeRawBufferPointer, at offset: Int64, afterOdd: Bool) -> Step {
        // A chunk of odd size is followed by a zero byte, which some programs forget: then an id stands in its place.
        var bytes = bytes
        var start = offset
        if afterOdd, bytes.count >= 4, !ChunkID(bytes, at: 0).isPlausible {
            bytes = UnsafeRawBufferPointer(rebasing: bytes[1...])
            start += 1
        }
        guard bytes.count >= 8 else { return self.inputEnded() }
        self.chunks += 1
        guard self.chunks <= Self.maximumChunks else { return .rejected(.tooManyChunks) }

        let size = bytes.integer(UInt32.self, at: 4, bigEndian: self.isBigEndian)
        let content = start + 8
        switch ChunkID(bytes, at: 0) {
        case .format where self.format == nil: return self.go(to: .format(at: content, size: Int64(size)))
        case .ds64 where self.hasLongSizes: return self.go(to: .longSizes(at: content, size: Int64(size)))
        case .data where self.data == nil: return self.dataBegan(at: content, size: size)
        default: return self.go(to: .chunk(at: content + Int64(size), afterOdd: size % 2 == 1))
        }
    }

    private mutating func receivedFormat(_ bytes: UnsafeRawBufferPointer, at offset: Int64, size: Int64) -> Step {
        guard let format = WAVFormat(bytes, bigEndian: self.isBigEndian) else {
            return .rejected(bytes.count < min(Int(size), Self.formatBytes) ? .cutOff : .noFormat)
        }
        guard WAVHeader.isPossible(rate: format.rate, channels: format.channels) else {
            return .rejected(.impossibleFormat(rate: format.rate, channels: format.channels))
        }
        self.format = format
        if let data = self.data { return self.finish(format, data) }
        return self.go(to: .chunk(at: offset + size, afterOdd: size % 2 == 1))
    }

    private mutating func receivedLongSizes(_ bytes: UnsafeRawBufferPointer, at offset: Int64, size: Int64) -> Step {
        if bytes.count >= Self.longSizeBytes {
            self.longDataBytes = Int64(clamping: bytes.integer(UInt64.self, at: 8, bigEndian: false))
        }
        return self.go(to: .chunk(at: offset + size, afterOdd: size % 2 == 1))
    }

    private mutating func dataBegan(at offset: Int64, size: UInt32) -> Step {
        let declared: Int64? =
            if self.hasLongSizes, size == .max {
                self.longDataBytes
            } else {
                size == .max ? nil : Int64(size)
            }
        self.data = (offset, declared)
        if let format = self.format { return self.finish(format, (offset, declared)) }
        // The format may stand behind the samples. 2^40 bytes are more than any file here, and keep the sum in range.
        guard let declared, declared < 1 << 40 else { return .rejected(.noFormat) }
        return self.go(to: .chunk(at: offset + declared, afterOdd: declared % 2 == 1))
    }

    private func inputEnded() -> Step {
        .rejected(self.format == nil && self.data != nil ? .noFormat : .cutOff)
    }

    private func finish(_ format: WAVFormat, _ data: (offset: Int64, declaredBytes: Int64?)) -> Step {
        .finished(
            WAVHeader(
                encoding: format.encoding,
                channels: format.channels,
                rate: format.rate,
                isBigEndian: self.isBigEndian,
                dataOffset: data.offset,
                declaredBytes: data.declaredBytes
            )
        )
    }

    private mutating func go(to state: State) -> Step {
        self.state = state
        return self.next
    }
}
