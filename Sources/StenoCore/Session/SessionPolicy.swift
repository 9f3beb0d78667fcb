/// The bounds a session keeps to. Each default is the contract's (`juvoly.md` §13); tests and settings change them.
public struct SessionPolicy: Hashable, Sendable {
    /// How fast audio may leave.
    public enum Pace: Hashable, Sendable {
        /// As fast as the connection takes it.
        case unlimited
        /// `speed` times real time; when behind, at most `catchUp` times `speed`.
        case realTime(speed: Double, catchUp: Double)
        /// As the audio comes, however fast its clock runs; what has piled up at most at `catchUp` times real time.
        case following(catchUp: Double)

        public static let live = Pace.realTime(speed: 1, catchUp: 1.5)
    }

    public var pace: Pace = .live
    /// From the upgrade to `ready`.
    public var readyLimit: Duration = .seconds(30)
    public var pingInterval: Duration = .seconds(4)
    /// A ping that stays unanswered this long means that the peer is gone.
    public var pongLimit: Duration = .seconds(8)
    /// At the end: how much silence is sent so that the last utterance can complete, in frames.
    public var drainSilence = Int64(5 * SamplePosition.rate)
    /// After that silence: how long a server that says nothing is waited for.
    public var drainQuiet: Duration = .seconds(5)
    public var drainLimit: Duration = .seconds(60)
    /// The whole drain, when a signal asked for it.
    public var signalDrainLimit: Duration = .seconds(10)
    public var summaryLimit: Duration = .seconds(60)
    /// How often a summary is asked for in all.
    public var summaryTries = 2
    /// Without a connection of use for this long, give up. Of use is one that became ready and was heard from after
    /// that, be it a pong: whoever greets and hangs up, for ever, is not there. `nil` never gives up while there is
    /// more to record; afterwards `drainLimit` is the bound.
    public var giveUp: Duration? = .seconds(60)
    /// A connection that lasted this long resets the back-off.
    public var stableAfter: Duration = .seconds(30)
    public var firstDelay: Duration = .seconds(1)
    public var longestDelay: Duration = .seconds(30)
    /// A service that asks for a longer pause than this is asked again all the same.
    public var longestRetryAfter: Duration = .seconds(600)
    /// A close with 1008 or 4000–4999 this soon after opening counts as a refusal; `refusalLimit` of them running end
    /// it.
    public var refusalWindow: Duration = .seconds(5)
    public var refusalLimit = 3
    /// The longest a connection lasts on the far side, if that is known. A standby takes over before.
    public var connectionLimit: Duration?
    /// How long before the limit a standby is made, at most; never more than a quarter of the limit.
    public var handOverMargin: Duration = .seconds(30)
    /// A close this soon after audio left faster than it was said may be about the speed.
    public var speedBlame: Duration = .seconds(5)
    public var wantsSummary = false
    public var wantsInformation = false

    public init() {}

    /// Frames in one message: 100 ms when paced, 1 s (the most the contract allows) when not.
    public var pieceFrames: Int64 {
        switch self.pace {
        case .unlimited: Int64(SamplePosition.rate)
        case .realTime, .following: Int64(SamplePosition.rate / 10)
        }
    }
}
