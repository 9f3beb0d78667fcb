import StenoCore

/// What a seed is about: drawn once, before anything happens.
struct Plan {
    enum Source {
        /// A person dictates; the session gets it as it comes.
        case microphone
        /// All of it is there from the beginning.
        case file
    }

    enum Ending {
        /// The recording ends with the speech, and the session drains.
        case whenSpoken
        /// A person stops before that.
        case early
        /// A person stops and does not wait.
        case atOnce
    }

    var source: Source
    var ending: Ending
    var policy = SessionPolicy()
    /// On a stop, what was not sent yet stays unsent.
    var discardsUnsent: Bool
    /// Seconds of speech.
    var seconds: Double
    /// How many different words there are.
    var vocabulary: Int?
    var climate: Climate
    /// When everybody begins to behave.
    var heals: Duration
    /// When the process dies.
    var deaths: [Duration] = []
    /// How long the process gets no time, each time.
    var pauses: [Duration] = []
    /// Frames between two interrupts of the card.
    var periodFrames: Int
    /// Frames of the recorder's ring.
    var ringFrames: Int64
    /// Of a hundred pieces, how many the source does not have yet when they are asked for.
    var withheldShare: Int
    /// How many things go wrong with the card.
    var cardFaults: Int
    /// How often the disk refuses for a while.
    var diskFaults: Int

    init(using random: inout SplitMix64) {
        self.source = random.happens(75) ? .microphone : .file
        let isFile = self.source == .file
        self.ending = random.happens(80) ? .whenSpoken : random.happens(70) ? .early : .atOnce
        self.seconds = random.happens(3) ? 90 : 12 + 20 * random.unit()
        self.vocabulary = random.happens(15) ? 3 : nil
        self.climate = Climate(using: &random)
        self.heals = random.happens(3) ? .seconds(8 * 3_600) : random.seconds(5...70)
        self.discardsUnsent = isFile
        self.periodFrames = random.pick(800, 1_600, 1_600, 2_000, 3_200)
        self.ringFrames = Int64(SamplePosition.rate) * random.pick(5, 20, 65)
        self.withheldShare = random.happens(15) ? 30 : 0
        let isStormy = !self.climate.isCalm
        self.cardFaults = !isFile && isStormy && random.happens(40) ? Int.random(in: 1...12, using: &random) : 0
        self.diskFaults = isStormy && random.happens(25) ? Int.random(in: 1...3, using: &random) : 0
        if isStormy, random.happens(10) {
            for _ in 0..<random.pick(1, 1, 3) {
                self.pauses.append(random.seconds(random.pick(0.05...0.5, 1...15, 60...600)))
            }
        }
        if isStormy, random.happens(25) {
            for _ in 0..<random.pick(1, 1, 2) { self.deaths.append(random.seconds(1...(isFile ? 20 : 40))) }
            self.deaths.sort()
        }
        self.choosePolicy(isFile: isFile, using: &random)
    }

    private mutating func choosePolicy(isFile: Bool, using random: inout SplitMix64) {
        if isFile {
            self.policy.pace = random.pick(.live, .unlimited, .realTime(speed: 3, catchUp: 1.5))
            self.policy.giveUp = random.happens(50) ? nil : .seconds(60)
        } else {
            self.policy.pace = .following(catchUp: 1.5)
            self.policy.giveUp = random.happens(90) ? nil : .seconds(60)
        }
        self.policy.wantsSummary = random.happens(30)
        self.policy.wantsInformation = random.happens(30)
        // The person may know how long the service lets a connection last.
        if let limit = self.climate.sessionLimit, random.happens(50) {
            self.policy.connectionLimit = .nanoseconds(Int64(limit * 1e9))
        }
    }
}

/// How often which kind of trouble comes, in percent. Each seed has its own, so that some are calm, some have one
/// trouble only, and in some everything goes wrong.
struct Climate {
    var isCalm = false

    // Getting a connection.
    var creationFails = 0
    var creationThrottled = 0
    var refuses = 0
    var dialFails = 0
    var dialRefusedOnce = 0
    var throttledDial = 0
    var closesAtOnce = 0
    var readyLate = 0
    var readyNever = 0

    // A connection.
    var resets = 0
    var closes = 0
    var blackHoles = 0
    var stopsReading = 0
    var slowLink = 0
    var stalls = 0
    var latency: ClosedRange<Double> = 0.01...0.05
    /// Seconds after which the service ends every session.
    var sessionLimit: Double?

    // What the service makes of speech.
    var neverCompletes = 0
    var deaf = 0
    var completesLate = 0
    var repeats = 0
    var lateInterims = 0
    var garbles = 0
    var withoutTimes = 0
    var wrongTimes = 0
    var oddMessages = 0
    var summaryNever = 0
    /// Seconds of silence after which it completes an utterance.
    var endpoint = 0.7
    /// How far off word times may be, in steps of 80 ms.
    var timeSteps = 0

    static let calm: Climate = {
        var climate = Climate()
        climate.isCalm = true
        return climate
    }()

    private init() {}

    init(using random: inout SplitMix64) {
        self.isCalm = random.happens(10)
        self.endpoint = 0.5 + 0.4 * random.unit()
        self.timeSteps = random.pick(0, 0, 1)
        guard !self.isCalm else { return }
        /// Most kinds of trouble do not come at all in a seed; the others come at any rate.
        func share(_ likely: Int, _ most: Int) -> Int {
            random.happens(likely) ? Int.random(in: 1...most, using: &random) : 0
        }
        self.creationFails = share(35, 70)
        self.creationThrottled = share(20, 50)
        self.refuses = share(4, 20)
        self.dialFails = share(30, 60)
        self.dialRefusedOnce = share(8, 20)
        self.throttledDial = share(20, 50)
        self.closesAtOnce = share(20, 50)
        self.readyLate = share(20, 50)
        self.readyNever = share(10, 30)
        self.resets = share(50, 90)
        self.closes = share(40, 80)
        self.blackHoles = share(25, 40)
        self.stopsReading = share(20, 50)
        self.slowLink = share(10, 50)
        self.stalls = share(20, 80)
        self.latency = random.pick(0.01...0.05, 0.02...0.4, 0.2...1.5)
        self.sessionLimit = random.happens(20) ? 4 + 14 * random.unit() : nil
        self.neverCompletes = share(20, 40)
        self.deaf = share(15, 30)
        self.completesLate = share(30, 60)
        self.repeats = share(30, 50)
        self.lateInterims = share(25, 50)
        self.garbles = share(40, 60)
        self.withoutTimes = share(6, 20)
        self.wrongTimes = share(6, 20)
        self.oddMessages = share(15, 20)
        self.summaryNever = share(20, 80)
    }

    /// The same service after it was repaired: it still has its manners.
    var healed: Climate {
        var climate = Climate.calm
        climate.endpoint = self.endpoint
        climate.timeSteps = self.timeSteps
        climate.garbles = self.garbles
        climate.repeats = self.repeats
        climate.lateInterims = self.lateInterims
        climate.sessionLimit = self.sessionLimit.map { $0 + 40 }
        return climate
    }
}
