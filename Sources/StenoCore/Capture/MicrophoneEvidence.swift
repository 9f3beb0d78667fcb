/// What the readings so far show of a microphone: how long it has been giving zeros or one value, how much of the last
/// seconds was distorted, whether it sounds like speech.
///
/// Zeros are counted to the sample. All else is judged in moments of 100 ms, however the readings are cut; the last 30 of
/// them are kept, and nothing else grows.
struct MicrophoneEvidence: Sendable {
    /// Moments that are remembered: 3 s.
    private static let windowMoments = 30
    static let momentFrames = Int64(SamplePosition.rate / 10)

    private let thresholds: MicrophoneThresholds
    private var building = MicrophoneMoment()
    private var window: [MicrophoneMoment] = []
    private var oldest = 0

    /// Exact zeros up to now.
    private(set) var zeroFrames: Int64 = 0
    /// One value other than zero up to now.
    private(set) var offsetFrames: Int64 = 0
    /// The last samples are zeros or one value.
    private(set) var isLifeless = false
    private(set) var isClipping = false
    private(set) var isTooQuiet = false
    private(set) var isSpeech = false

    /// Sound since the last peak that was loud enough, without zeros.
    private(set) var quietFrames: Int64 = 0
    private var quietSpeechFrames: Int64 = 0
    private var quietPeak = 0
    /// Of loud moments one after another.
    private var loudFrames: Int64 = 0
    private var framesSinceLoud: Int64 = 0

    init(_ thresholds: MicrophoneThresholds) {
        self.thresholds = thresholds
        self.window.reserveCapacity(Self.windowMoments)
    }

    /// Takes the next reading, which is within its bounds.
    mutating func heard(_ reading: LevelReading) {
        let isZero = reading.peak == 0 && reading.squares == 0
        self.zeroFrames = isZero ? self.zeroFrames + reading.frames : reading.trailingZeros
        self.building.add(reading)
        if self.building.frames >= Self.momentFrames {
            self.judge(self.building)
            self.building = MicrophoneMoment()
        }
        self.isLifeless = isZero || self.offsetFrames > 0
    }

    private mutating func judge(_ moment: MicrophoneMoment) {
        let isOffset =
            moment.variation < self.thresholds.leastVariation
            && moment.mean.magnitude >= self.thresholds.leastOffset
        self.offsetFrames = isOffset ? self.offsetFrames + moment.frames : 0
        self.remember(moment)
        self.judgeClipping()
        guard !isOffset, moment.peak > 0 else {
            if max(self.zeroFrames, self.offsetFrames) >= self.thresholds.zeroFrames { self.forgetQuiet() }
            return self.judgeSpeech(moment, isLoud: false)
        }
        self.judgeQuiet(moment)
        self.judgeSpeech(moment, isLoud: self.isLoud(moment, quietestRoom: self.thresholds.quietestRoom))
    }

    private mutating func remember(_ moment: MicrophoneMoment) {
        if self.window.count < Self.windowMoments {
            self.window.append(moment)
        } else {
            self.window[self.oldest] = moment
            self.oldest = (self.oldest + 1) % Self.windowMoments
        }
    }

    private mutating func judgeClipping() {
        var (clipped, frames) = (Int64(0), Int64(0))
        for moment in self.window { (clipped, frames) = (clipped + moment.clippedFrames, frames + moment.frames) }
        // As long as less than a window was heard, what is missing counts as undistorted.
        let share = Double(clipped) / Double(max(frames, Self.momentFrames * Int64(Self.windowMoments)))
        let least = self.isClipping ? self.thresholds.clippingEndShare : self.thresholds.clippingShare
        self.isClipping = share >= least
    }

    private mutating func judgeQuiet(_ moment: MicrophoneMoment) {
        guard moment.peak < (self.isTooQuiet ? self.thresholds.quietEndPeak : self.thresholds.quietPeak) else {
            return self.forgetQuiet()
        }
        self.quietFrames += moment.frames
        self.quietPeak = max(self.quietPeak, moment.peak)
        if self.isLoud(moment, quietestRoom: self.thresholds.quietestFaintRoom) {
            self.quietSpeechFrames += moment.frames
        }
        guard self.quietFrames >= self.thresholds.quietFrames else { return }
        let isFaint = self.quietSpeechFrames >= self.thresholds.quietSpeechFrames
        if isFaint || self.quietPeak < self.thresholds.silentPeak { self.isTooQuiet = true }
        // A quiet room is judged anew every so often, so that a sound an hour ago says nothing about now.
        if !self.isTooQuiet { self.forgetQuiet() }
    }

    private mutating func forgetQuiet() {
        self.isTooQuiet = false
        (self.quietFrames, self.quietSpeechFrames, self.quietPeak) = (0, 0, 0)
    }

    private mutating func judgeSpeech(_ moment: MicrophoneMoment, isLoud: Bool) {
        self.loudFrames = isLoud ? self.loudFrames + moment.frames : 0
        self.framesSinceLoud = isLoud ? 0 : self.framesSinceLoud + moment.frames
        if self.loudFrames >= self.thresholds.speechFrames { self.isSpeech = true }
        if self.framesSinceLoud >= self.thresholds.speechEndFrames { self.isSpeech = false }
    }

    /// Louder than the room, which is the quietest moment that is remembered; zeros are none.
    private func isLoud(_ moment: MicrophoneMoment, quietestRoom: Double) -> Bool {
        var room = Double.infinity
        for moment in self.window where moment.variation >= self.thresholds.leastVariation {
            room = min(room, moment.variation)
        }
        return moment.variation > max(room, quietestRoom) * self.thresholds.speechRatio
    }
}

/// Readings of 100 ms together.
struct MicrophoneMoment: Sendable {
    private(set) var frames: Int64 = 0
    private(set) var clippedFrames: Int64 = 0
    private var highest = 0
    private var squares = 0.0
    private var sum = 0.0

    mutating func add(_ reading: LevelReading) {
        self.frames += reading.frames
        self.clippedFrames += reading.clippedFrames
        self.highest = max(self.highest, reading.peak)
        self.squares += reading.squares
        self.sum += reading.sum
    }

    var mean: Double { self.sum / Double(max(1, self.frames)) }
    /// Mean squared distance from the mean.
    var variation: Double { max(0, self.squares / Double(max(1, self.frames)) - self.mean * self.mean) }
    /// The highest magnitude around the mean, near enough: an offset has the same sign everywhere.
    var peak: Int { self.highest > 0 ? max(1, self.highest - Int(self.mean.magnitude)) : 0 }
}
