/// Makes samples of what a pipe carries, which only its first bytes tell: WAV by its header, or raw 16-bit samples, low
/// byte first, of the rate and channel count that the user gave.
final class PipeProducer: SampleProducer {
    private let pipe: PipeBytes
    private let rawFormat: FrameFormat
    /// `false` where raw samples make no sense, such as for a name that turned out to be a pipe.
    private let allowsRaw: Bool
    private var decoder: TimelineDecoder?
    private var hasSamples = false

    init(_ pipe: PipeBytes, rawFormat: FrameFormat, allowsRaw: Bool = true) {
        self.pipe = pipe
        self.rawFormat = rawFormat
        self.allowsRaw = allowsRaw
    }

    var expectedFrames: Int64? { nil }
    var warnings: [AudioWarning.Kind] { self.decoder?.warnings ?? [] }

    func next(into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int {
        let decoder = try self.opened()
        let count = try decoder.next(into: buffer)
        if count == 0, !self.hasSamples { throw AudioError(.noFrames, path: self.pipe.path) }
        self.hasSamples = true
        return count
    }

    private func opened() throws(AudioError) -> TimelineDecoder {
        if let decoder = self.decoder { return decoder }
        let decoder = try self.open()
        self.decoder = decoder
        return decoder
    }

    private func open() throws(AudioError) -> TimelineDecoder {
        let beginning = try self.pipe.peek(InputKind.sniffedBytes)
        guard !beginning.isEmpty else { throw AudioError(.empty, path: self.pipe.path) }
        switch InputKind.sniff(beginning) {
        case .wav: return try self.openWAV()
        case .fileOnly(let kind): throw AudioError(.needsFile(kind: kind), path: self.pipe.path)
        case .raw where self.allowsRaw: return try self.openRaw()
        case .raw: throw AudioError(.unknownKind, path: self.pipe.path)
        }
    }

    private func openRaw() throws(AudioError) -> TimelineDecoder {
        let format = self.rawFormat
        guard WAVHeader.isPossible(rate: format.rate, channels: format.channels),
            let encoding = PCMEncoding(.integer16)
        else {
            throw AudioError(.impossibleFormat(rate: format.rate, channels: format.channels), path: self.pipe.path)
        }
        let reader = PCMReader(self.pipe, format: format, encoding: encoding, isRaw: true)
        return try TimelineDecoder(reader, path: self.pipe.path)
    }

    private func openWAV() throws(AudioError) -> TimelineDecoder {
        var parser = WAVHeaderParser()
        var step = parser.next
        while case .read(let offset, let count) = step {
            try self.pipe.skip(to: offset)
            let bytes = self.pipe.offset == offset ? try self.pipe.peek(count) : []
            step = bytes.withUnsafeBytes { parser.received($0) }
        }
        guard let header = try step.header(path: self.pipe.path) else {
            throw AudioError(.needsFile(kind: "damaged WAV"), path: self.pipe.path)
        }
        try self.pipe.skip(to: header.dataOffset)
        guard self.pipe.offset == header.dataOffset else {
            throw AudioError(.needsFile(kind: "WAV with its format behind its sound"), path: self.pipe.path)
        }
        guard let encoding = PCMEncoding(header.encoding, isBigEndian: header.isBigEndian) else {
            throw AudioError(.needsFile(kind: "compressed WAV"), path: self.pipe.path)
        }
        let frameBytes = encoding.bytesPerSample * header.channels
        let reader = PCMReader(
            WAVPipeBytes(self.pipe, header: header, frameBytes: frameBytes),
            format: FrameFormat(rate: header.rate, channels: header.channels),
            encoding: encoding
        )
        return try TimelineDecoder(reader, path: self.pipe.path)
    }
}
