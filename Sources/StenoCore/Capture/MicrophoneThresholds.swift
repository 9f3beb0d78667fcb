/// Every number by which a microphone is judged, in this one place.
///
/// | condition | is said when | is taken back when | warning | alarm |
/// | --- | --- | --- | --- | --- |
/// | no data | the device is waited for | it has delivered for 1 s | at once | after 60 s |
/// | digital zero | 3 s of exact zeros | one sample is not zero | at once | after 60 s of zeros |
/// | constant offset | 3 s of one value far from zero | the value moves | at once | after 60 s of it |
/// | clipping | 0.5 % of 3 s at full scale | less than 0.1 % of 3 s | at once | never |
/// | too quiet | 10 s below -50 dBFS, of them 1 s like speech; or 10 s below -72 dBFS | a peak above -46 dBFS | at once | never |
/// | speech | 200 ms, 8 dB above the room | 1.5 s without | never | never |
/// | listening | any signal, and none of the above | | never | never |
///
/// The first row that holds is said. While zeros or one value come, but not yet for 3 s, what was said before stands:
/// nothing better can truthfully be said. What comes with too little or too much sound is still a recording, so it never
/// becomes an alarm. Levels are those of the sound around its mean, so that an offset does not make it louder.
///
/// Noise-suppressing headsets may send exact zeros while nobody speaks. They get the warning too, because nothing tells
/// them from a muted microphone.
public struct MicrophoneThresholds: Hashable, Sendable {
    /// So many exact zeros in a row come from no microphone.
    public var zeroFrames = Int64(3 * SamplePosition.rate)
    /// So long at one value, likewise.
    public var offsetFrames = Int64(3 * SamplePosition.rate)
    /// No data, zeros or one value for so long are an alarm.
    public var alarm = Duration.seconds(60)
    /// A device that was waited for has to deliver so much before it is believed.
    public var returnFrames = Int64(SamplePosition.rate)

    /// Mean squared distance from the mean, in steps of 16 bits: less is one value.
    public var leastVariation = 0.25
    /// -60 dBFS: a mean nearer to zero is the rounding of something very quiet.
    public var leastOffset = 33.0

    /// Share of samples at full scale that is distortion. A knock against the microphone is less.
    public var clippingShare = 0.005
    /// Less is none any more.
    public var clippingEndShare = 0.001

    /// -50 dBFS: speech at arm's length peaks 20 dB higher with any usable gain.
    public var quietPeak = 104
    /// -46 dBFS ends it.
    public var quietEndPeak = 164
    /// -72 dBFS: with a usable gain even an empty room is louder.
    public var silentPeak = 8
    public var quietFrames = Int64(10 * SamplePosition.rate)
    /// Of which so much sounded like speech.
    public var quietSpeechFrames = Int64(SamplePosition.rate)

    /// A stretch of so much more energy than the room sounds like speech: 8 dB, as for the detector of speech.
    public var speechRatio = 6.309_573
    /// Mean square per sample of the quietest room: -80 dBFS. What is hardly above it is noise of the converter.
    public var quietestRoom = 10.737
    /// Likewise for telling speech that is far too quiet: -95 dBFS.
    public var quietestFaintRoom = 0.339_5
    /// Speech begins with so much of it...
    public var speechFrames = Int64(SamplePosition.rate / 5)
    /// ...and ends after so long without.
    public var speechEndFrames = Int64(SamplePosition.rate * 3 / 2)

    public init() {}
}
