/// Decides what to do with each return of the sound card, and how long the timeline goes on without audio when the card
/// gives none.
///
/// | state | event | next | action |
/// | --- | --- | --- | --- |
/// | idle | started | recovering | restart |
/// | running | readable, or time for a look | running | look |
/// | running | frames are there | running | read |
/// | running | frames are there that look late | running | rest 3 periods, look again; then skip, read |
/// | running | frames were read | running | append; look again while a period is there |
/// | running | nothing was there | running | wait; after several at once rest first |
/// | running | overrun, not running | recovering(count) | restart |
/// | running | suspended | recovering(count) | resume |
/// | running | no data for 1 s or 5 periods | running | tell: waiting, stuck |
/// | running | no data for 2 s or 10 periods | waiting(stuck) | close |
/// | running | frames after such a pause | running | append; tell: running |
/// | recovering | restarted | recovering | wait |
/// | recovering | frames | running | skip the hole; append |
/// | recovering | it cannot resume yet | recovering | rest 100 ms, resume; after 60 s restart |
/// | recovering | resumed, or it cannot resume | recovering | restart |
/// | recovering | the sixth time without a delivered period | waiting(failing) | close |
/// | running, recovering | lost | waiting(trouble) | tell; close |
/// | waiting | closed | waiting | rest 100 ms … 2 s, open |
/// | waiting | every 250 ms | waiting | skip |
/// | waiting | not opened | waiting(trouble) | rest, open |
/// | waiting | opened | recovering | restart |
/// | any before stopping | pause requested | same | read what is there; tell: paused; from then on discard |
/// | any before stopping | resume requested | same | skip what was paused; tell: resumed |
/// | running, recovering | stop requested while it is listened to | stopping | read up to the stop, 250 ms at most |
/// | any other | stop requested | stopped | skip; finish |
/// | stopping | frames up to the stop, a fault, or the limit | stopped | append, skip; finish |
/// | stopped | any | stopped | nothing: descriptors and attempts may be late |
///
/// A capture device does not start again by itself, so every recovery ends in a restart. After a suspend too: what the
/// card held from before it would stand behind the hole.
///
/// **Holes.** `heard` is when the end of the last frame was captured. It follows each delivery, in frames, and is
/// corrected by the clock: frames are never captured after they could be read, and a late wake-up only makes them look
/// later, so the earliest evidence counts; it may become later by a thousandth, which is more than any clock drifts. A
/// hole lasts from there to the capture of the first frame after it. What the first second after that frame teaches
/// about its true time is put right with the next hole, so that errors of many holes do not add up.
///
/// Data that looks late without a fault may just be late: a sound server that was stopped gives all of it afterwards. So
/// it is left in the card for three periods. When more comes meanwhile as it is captured, and it is late all the same, it
/// was lost. A card without room for that is read at once, and what stays late for 500 ms was lost.
///
/// Each event returns one action. After one that has no result of its own (append, skip, tell, close, open, wait, rest)
/// call `performed`, or the event that it led to. What a person wants is told instead of waiting or resting. Sans-IO: no clock. `now` is a monotonic clock that goes on while the
/// machine is suspended, always the same one.
public struct CaptureStateMachine: Sendable {
    public enum State: Hashable, Sendable {
        case idle
        case running
        case recovering(count: Int)
        case waiting(DeviceTrouble)
        case stopping
        case stopped
    }

    /// Why a call on the device gave no data.
    public enum Fault: Hashable, Sendable {
        /// The buffer ran over.
        case overrun
        /// The machine was suspended.
        case suspended
        /// It is open, and somebody or something stopped it.
        case notRunning
        /// It is of no use until it is opened again.
        case lost(DeviceTrouble)
    }

    public enum Waited: Hashable, Sendable {
        /// The device says it has data.
        case readable
        /// The time is over, or something else woke the thread.
        case elapsed
        case fault(Fault)
    }

    /// What the device holds, or what was read from it.
    public enum Frames: Hashable, Sendable {
        case some(Int)
        case nothing
        case fault(Fault)
    }

    public enum Revival: Hashable, Sendable {
        case done
        /// Ask again later.
        case notYet
        case fault(Fault)
    }

    public enum Opening: Hashable, Sendable {
        case opened(Timing)
        case failed(DeviceTrouble)
    }

    public enum Telling: Hashable, Sendable {
        case running
        case waiting(DeviceTrouble)
        case paused
        case resumed
    }

    public enum Action: Hashable, Sendable {
        /// Wait for the device, for somebody who wants something, or until then.
        case wait(until: Duration)
        /// The same, without the device.
        case rest(until: Duration)
        /// Ask how many frames are there, and take the time.
        case look
        /// Read at most this many.
        case read(frames: Int)
        /// What was read last belongs at the end of the timeline. Without this action it is discarded.
        case append
        /// The timeline goes on without audio.
        case skip(frames: Int64, cause: AudioGap.Cause)
        case tell(Telling)
        /// Prepare and start, whatever the device was doing.
        case restart
        /// Wake the card after a suspend.
        case resume
        case close
        /// Find the device by its identity, open it and ask for its format. May take long: the timeline goes on
        /// meanwhile.
        case open
        /// The recording ends here.
        case finish
        case nothing
    }

    /// Data is left in the card because it looks late.
    struct Doubt: Hashable, Sendable {
        var since: Duration
        /// What was there then.
        var found: Int
        /// It was left for long enough, and is read.
        var isOver = false
    }

    enum Phase: Hashable, Sendable {
        case idle
        /// Open and started; data is expected.
        case listening
        case resuming(next: Duration, limit: Duration)
        case restarting
        case closing
        case resting(until: Duration)
        case opening
        case stopping(limit: Duration)
        case stopped
    }

    let policy: Policy
    public internal(set) var timing: Timing
    var phase: Phase = .idle
    /// The latest time anybody told. A clock that goes back stands still here.
    var now: Duration = .zero

    // What is to be done before anything else, in this order.
    var pendingSkip: Holes.Skip?
    var hasRead = false
    var condition: Telling?
    var toldCondition: Telling?
    var toldPause = false
    var wantsLook = false
    var wantsRead = false
    /// The device itself said that it has data.
    var wasReadable = false
    /// What the device held when it was asked last, and when that was.
    var found: (frames: Int, at: Duration) = (0, .zero)
    var doubt: Doubt?
    var mustRest = false
    var hasFinished = false

    // The device.
    /// Faults since a period was delivered.
    public internal(set) var recoveries = 0
    var framesSinceFault = 0
    var trouble: DeviceTrouble = .failing
    var attempt = 0
    var runningSince: Duration?
    var lastData: Duration = .zero
    var spuriousRun = 0
    var lastWakeUp: Duration = .zero

    // The timeline.
    var holes = Holes()
    /// When a person asked for the pause that holds; it begins behind what was said before.
    var pauseTime: Duration?
    var isPaused = false
    var stopTime: Duration = .zero

    public init(policy: Policy = Policy(), timing: Timing) {
        self.policy = policy
        self.timing = timing
    }

    public var state: State {
        switch self.phase {
        case .idle: .idle
        case .listening where self.holes.isContiguous: .running
        case .listening, .resuming, .restarting: .recovering(count: self.recoveries)
        case .closing, .resting, .opening: .waiting(self.trouble)
        case .stopping: .stopping
        case .stopped: .stopped
        }
    }

    /// Longer than any device that works leaves us without data.
    var stuckLimit: Duration { max(self.policy.stuckAfter, self.timing.period * self.policy.stuckPeriods) }
    var reopenLimit: Duration { max(self.policy.reopenAfter, self.timing.period * (2 * self.policy.stuckPeriods)) }
    /// How far two readings of the clock may lie apart for the same frame.
    var noise: Duration { self.timing.period + self.policy.timingNoise }
    var restLength: Duration {
        min(max(self.timing.period / 2, self.policy.restBounds.lowerBound), self.policy.restBounds.upperBound)
    }
    var hasRoomForDoubt: Bool {
        self.timing.duration(of: self.timing.bufferFrames) > self.doubtLimit + self.timing.period * 2
    }
    /// How long data that looks late is left in the card.
    var doubtLimit: Duration { max(self.timing.period * 3, self.policy.timingNoise) }
}
