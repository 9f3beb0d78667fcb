import StenoCore

/// Turns what a device delivers into 16 kHz mono, in pieces, on the capture thread: nothing is allocated after `init`.
///
/// What already is 16 kHz mono 16-bit passes untouched. A resampler holds back some 20 ms; `flush` gives them out, so that
/// before a hole in the timeline everything that was heard stands in its place, to the frame.
package final class CaptureConverter {
    /// Frames that are converted at a time.
    private static let block = 1_024

    package let format: NativeFormat
    private let encoding: PCMEncoding
    private let channel: ChannelChoice
    private let resampler: Resampler?
    private let frames: Scratch<Float>
    private let mono = Scratch<Float>(count: CaptureConverter.block, filledWith: 0)
    private let resampled: Scratch<Float>
    private let samples: Scratch<Int16>
    /// Since the last flush.
    private var framesIn: Int64 = 0
    private var framesOut: Int64 = 0

    /// - Parameter name: of the device, for messages.
    /// - Throws: when there is no resampler for this rate, or no such channel.
    package init(_ format: NativeFormat, channel: ChannelChoice, name: String) throws(AudioError) {
        guard let encoding = format.encoding.pcm, (1...64).contains(format.channels) else {
            throw AudioError(.impossibleFormat(rate: format.rate, channels: format.channels), path: name)
        }
        if case .one(let number) = channel, !(1...format.channels).contains(number) {
            throw AudioError(.impossibleFormat(rate: format.rate, channels: format.channels), path: name)
        }
        self.resampler = format.rate == SamplePosition.rate ? nil : try Resampler(from: format.rate, path: name)
        self.format = format
        self.encoding = encoding
        self.channel = channel
        self.frames = Scratch(count: Self.block * format.channels, filledWith: 0)
        // Enough for the slowest rate, which grows most.
        let room = Self.block * SamplePosition.rate / min(format.rate, SamplePosition.rate) + 64
        self.resampled = Scratch(count: room, filledWith: 0)
        self.samples = Scratch(count: room, filledWith: 0)
    }

    /// Converts `count` frames that begin at `bytes`.
    ///
    /// - Parameter give: gets the samples, in order, in pieces of any size.
    package func convert(_ bytes: UnsafeRawPointer, frames count: Int, _ give: (UnsafeBufferPointer<Int16>) -> Void) {
        if self.isIdentity {
            let samples = UnsafeRawBufferPointer(start: bytes, count: count * 2).bindMemory(to: Int16.self)
            return give(samples)
        }
        var done = 0
        while done < count {
            let piece = min(Self.block, count - done)
            self.takeMono(bytes + done * self.format.bytesPerFrame, frames: piece)
            self.framesIn += Int64(piece)
            self.resample(piece, give)
            done += piece
        }
    }

    /// Gives what is held back, and begins anew.
    package func flush(_ give: (UnsafeBufferPointer<Int16>) -> Void) {
        guard let resampler = self.resampler else { return }
        var left = TimelineLength.frames(self.framesIn, atRate: self.format.rate) - self.framesOut
        while left > 0 {
            let room = min(self.resampled.buffer.count, Int(left))
            let output = UnsafeMutableBufferPointer(rebasing: self.resampled.buffer[..<room])
            let produced = resampler.flush(into: output)
            // What the filter cannot give any more is silence, so that the length is exact.
            if produced == 0 { output.update(repeating: 0) }
            let count = produced == 0 ? room : produced
            self.emit(output.baseAddress, count: count, give)
            left -= Int64(count)
        }
        if self.framesIn > 0 { resampler.reset() }
        self.framesIn = 0
        self.framesOut = 0
    }

    private var isIdentity: Bool {
        self.resampler == nil && self.format.encoding == .signed16 && self.format.channels == 1
    }

    private func takeMono(_ bytes: UnsafeRawPointer, frames count: Int) {
        guard let frames = self.frames.buffer.baseAddress, let mono = self.mono.buffer.baseAddress else { return }
        let channels = self.format.channels
        self.encoding.decode(bytes, count: count * channels, into: frames)
        switch self.channel {
        case .mix:
            SampleMath.downmix(
                UnsafeBufferPointer(start: frames, count: count * channels),
                channels: channels,
                into: mono
            )
        case .one(let number):
            for frame in 0..<count { mono[frame] = frames[frame * channels + number - 1] }
            SampleMath.downmix(UnsafeBufferPointer(start: mono, count: count), channels: 1, into: mono)
        }
    }

    private func resample(_ count: Int, _ give: (UnsafeBufferPointer<Int16>) -> Void) {
        guard let resampler = self.resampler else {
            return self.emit(self.mono.buffer.baseAddress, count: count, give)
        }
        var rest = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(self.mono.buffer)[..<count])
        while !rest.isEmpty {
            let (consumed, produced) = resampler.process(rest, into: self.resampled.buffer)
            if produced > 0 { self.emit(self.resampled.buffer.baseAddress, count: produced, give) }
            guard consumed > 0 || produced > 0 else { return }
            rest = UnsafeBufferPointer(rebasing: rest[consumed...])
        }
    }

    private func emit(_ values: UnsafePointer<Float>?, count: Int, _ give: (UnsafeBufferPointer<Int16>) -> Void) {
        guard let values, let samples = self.samples.buffer.baseAddress else { return }
        _ = SampleMath.quantize(values, count: count, into: samples)
        self.framesOut += Int64(count)
        give(UnsafeBufferPointer(start: samples, count: count))
    }
}
