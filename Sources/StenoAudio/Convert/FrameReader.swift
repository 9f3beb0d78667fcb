/// Rate and channel count of frames.
struct FrameFormat: Hashable, Sendable {
    /// 1,000...768,000 Hz.
    var rate: Int
    /// 1...64.
    var channels: Int
}

/// Decodes an input into interleaved frames, in order. One thread owns it at a time.
protocol FrameReader: AnyObject {
    var format: FrameFormat { get }

    /// The length by the input's own word, or `nil` when it does not say.
    var expectedFrames: Int64? { get }

    /// What was wrong with the input, complete after the end.
    var warnings: [AudioWarning.Kind] { get }

    /// Decodes as many whole frames as are there and fit, waiting for at least one, and returns how many: 0 at the end.
    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int
}

/// Gives 16 kHz mono samples in order, to be spooled. One thread owns it at a time.
protocol SampleProducer: AnyObject {
    /// The length by the input's own word, in frames of the timeline.
    var expectedFrames: Int64? { get }

    /// What was wrong with the input, complete after the end.
    var warnings: [AudioWarning.Kind] { get }

    /// Fills `buffer` from the front with what is there, waiting for at least one sample, and returns how many: 0 at
    /// the end.
    func next(into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int
}
