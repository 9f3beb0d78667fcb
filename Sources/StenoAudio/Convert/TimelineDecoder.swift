import StenoCore

/// Turns whatever a reader decodes into 16 kHz mono 16-bit: the mean of the channels, resampled, rounded to nearest.
///
/// The length is exact, `TimelineLength.frames` of what was read. 16 kHz mono 16-bit passes through bit for bit, and
/// other widths of that rate are only rounded.
final class TimelineDecoder: SampleProducer {
    /// Frames decoded at a time.
    static let blockFrames = 8_192
    /// From this share on, clipping is worth a word: one sample in a hundred.
    private static let clippedShare: Int64 = 100

    private let reader: any FrameReader
    private let resampler: Resampler?
    private let frames: Scratch<Float>
    private let mono: Scratch<Float>
    private let output: Scratch<Float>
    /// What of `mono` was not taken yet.
    private var waiting = 0..<0
    private var hasEnded = false
    private var framesIn: Int64 = 0
    private var framesOut: Int64 = 0
    private var framesClipped: Int64 = 0

    init(_ reader: any FrameReader, path: String) throws(AudioError) {
        let rate = reader.format.rate
        self.resampler = rate == SamplePosition.rate ? nil : try Resampler(from: rate, path: path)
        self.reader = reader
        self.frames = Scratch(count: Self.blockFrames * reader.format.channels, filledWith: 0)
        self.mono = Scratch(count: Self.blockFrames, filledWith: 0)
        self.output = Scratch(count: Self.blockFrames, filledWith: 0)
    }

    var expectedFrames: Int64? {
        self.reader.expectedFrames.map { TimelineLength.frames($0, atRate: self.reader.format.rate) }
    }

    var warnings: [AudioWarning.Kind] {
        let isDistorted = self.framesClipped * Self.clippedShare > self.framesOut
        return self.reader.warnings + (isDistorted ? [.clipped(frames: self.framesClipped)] : [])
    }

    func next(into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int {
        guard let samples = buffer.baseAddress, !buffer.isEmpty else { return 0 }
        let room = min(buffer.count, Self.blockFrames)
        while true {
            if self.waiting.isEmpty, !self.hasEnded { try self.readBlock() }
            if self.hasEnded, self.waiting.isEmpty { return self.drain(into: samples, room: room) }
            let count = self.convert(into: samples, room: room)
            if count > 0 { return count }
        }
    }

    private func readBlock() throws(AudioError) {
        let channels = self.reader.format.channels
        let count = try self.reader.read(into: self.frames.buffer)
        self.hasEnded = count == 0
        let read = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(self.frames.buffer)[..<(count * channels)])
        SampleMath.downmix(read, channels: channels, into: self.mono.buffer.baseAddress!)
        self.waiting = 0..<count
        self.framesIn += Int64(count)
    }

    /// Converts from what is waiting; may give nothing while the resampler fills.
    private func convert(into samples: UnsafeMutablePointer<Int16>, room: Int) -> Int {
        let input = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(self.mono.buffer)[self.waiting])
        guard let resampler = self.resampler else {
            let count = min(room, input.count)
            self.waiting.removeFirst(count)
            return self.emit(input.baseAddress!, count: count, into: samples)
        }
        let output = UnsafeMutableBufferPointer(rebasing: self.output.buffer[..<room])
        let (consumed, produced) = resampler.process(input, into: output)
        self.waiting.removeFirst(consumed)
        return self.emit(output.baseAddress!, count: produced, into: samples)
    }

    /// After the end: gives what the resampler still holds, cut or filled up with silence to the exact length.
    private func drain(into samples: UnsafeMutablePointer<Int16>, room: Int) -> Int {
        let left = TimelineLength.frames(self.framesIn, atRate: self.reader.format.rate) - self.framesOut
        guard left > 0 else { return 0 }
        let output = UnsafeMutableBufferPointer(rebasing: self.output.buffer[..<min(room, Int(clamping: left))])
        let produced = self.resampler?.flush(into: output) ?? 0
        output[produced...].update(repeating: 0)
        return self.emit(output.baseAddress!, count: produced == 0 ? output.count : produced, into: samples)
    }

    private func emit(_ values: UnsafePointer<Float>, count: Int, into samples: UnsafeMutablePointer<Int16>) -> Int {
        self.framesClipped += Int64(SampleMath.quantize(values, count: count, into: samples))
        self.framesOut += Int64(count)
        return count
    }
}

extension Range<Int> {
    /// Drops the first `count` numbers.
    fileprivate mutating func removeFirst(_ count: Int) {
        self = (self.lowerBound + count)..<self.upperBound
    }
}
