/// What a stretch of captured audio sounds like: made by the capture thread about ten times a second, judged elsewhere.
public struct LevelReading: Hashable, Sendable, BitwiseCopyable {
    /// Where the stretch begins.
    public var start: SamplePosition
    /// Its length.
    public var frames: Int64
    /// The highest magnitude, 0...32,768.
    public var peak: Int
    /// Sum of the squared samples.
    public var squares: Double
    /// Sum of the samples: a constant offset shows in it.
    public var sum: Double
    /// Samples at full scale.
    public var clippedFrames: Int64
    /// Samples of exact zero at the end of the stretch.
    public var trailingZeros: Int64

    public init(
        start: SamplePosition,
        frames: Int64,
        peak: Int,
        squares: Double,
        sum: Double,
        clippedFrames: Int64,
        trailingZeros: Int64
    ) {
        self.start = start
        self.frames = frames
        self.peak = peak
        self.squares = squares
        self.sum = sum
        self.clippedFrames = clippedFrames
        self.trailingZeros = trailingZeros
    }
}
