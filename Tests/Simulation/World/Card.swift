import StenoCore

/// A sound card in virtual time: does what cards do, and knows of every frame when it was really captured.
struct Card {
    typealias Machine = CaptureStateMachine

    enum Condition: Equatable {
        /// Since when it runs, and how many frames were read since.
        case running(since: Duration, read: Int64)
        case stopped(Machine.Fault)
        case suspended(until: Duration)
        case gone
    }

    let timing: Machine.Timing
    var condition = Condition.stopped(.notRunning)
    /// Its descriptor is always ready.
    var cries = false
    /// Nothing goes wrong by itself any more.
    var isKind = false
    /// What was there when somebody looked may be gone when it is read.
    var isFlaky = false
    /// An attempt to open it is over then.
    var opens: Duration?
    /// Hundred-millionths by which its clock is fast.
    private let drift: Int64
    /// It tells its position in steps of so many frames.
    private let granularity: Int64
    /// The frames that were read last, and when the first of them was captured.
    private(set) var lastRead: (frames: Int, at: Duration) = (0, .zero)

    init(periodFrames: Int, using random: inout SplitMix64) {
        self.timing = Machine.Timing(
            rate: SamplePosition.rate,
            periodFrames: periodFrames,
            bufferFrames: periodFrames * 10
        )
        self.drift = Int64.random(in: -300...300, using: &random) * 100
        self.granularity = random.pick(1, 16, 441, Int64(periodFrames))
    }

    private func captured(since: Duration, at now: Duration) -> Int64 {
        let nanoseconds = (now - since).nanoseconds
        let frames = (nanoseconds + nanoseconds / 100_000_000 * self.drift) * 2 / 125_000
        return frames - frames % self.granularity
    }

    /// When so many frames since then are captured.
    private func time(of frames: Int64, since: Duration) -> Duration {
        let nanoseconds = frames * 62_500
        return since + .nanoseconds(nanoseconds - nanoseconds / 100_000_000 * self.drift)
    }

    /// When and with what a wait ends.
    func wait(from now: Duration, until end: Duration, using random: inout SplitMix64) -> (Duration, Machine.Waited) {
        if self.cries, random.happens(90) { return (now, .readable) }
        switch self.condition {
        case .running(let since, let read):
            let wanted = (read + Int64(self.timing.periodFrames) + self.granularity - 1) / self.granularity
            var wake = self.time(of: wanted * self.granularity, since: since) + .microseconds(100)
            if !self.isKind, random.happens(3) { wake += random.seconds(0...0.03) }
            return wake < end ? (max(now, wake), .readable) : (end, .elapsed)
        case .stopped(let fault): return (now, .fault(fault))
        case .suspended: return (now, .fault(.suspended))
        case .gone: return (now, .fault(.lost(.absent)))
        }
    }

    mutating func look(at now: Duration) -> Machine.Frames {
        switch self.condition {
        case .running(let since, let read):
            let queued = self.captured(since: since, at: now) - read
            guard queued < Int64(self.timing.bufferFrames) else {
                self.condition = .stopped(.overrun)
                return .fault(.overrun)
            }
            return queued > 0 ? .some(Int(queued)) : .nothing
        case .stopped(let fault): return .fault(fault)
        case .suspended: return .fault(.suspended)
        case .gone: return .fault(.lost(.absent))
        }
    }

    mutating func read(_ most: Int, at now: Duration, using random: inout SplitMix64) -> Machine.Frames {
        guard case .running(let since, let read) = self.condition else { return self.look(at: now) }
        if self.isFlaky, !self.isKind, random.happens(1) {
            if random.happens(50) { return .nothing }
            self.condition = .stopped(.overrun)
            return .fault(.overrun)
        }
        var frames = min(most, self.timing.periodFrames)
        if !self.isKind, random.happens(5) { frames = Int.random(in: 1...frames, using: &random) }
        self.lastRead = (frames, self.time(of: read, since: since))
        self.condition = .running(since: since, read: read + Int64(frames))
        return .some(frames)
    }

    mutating func restart(at now: Duration, using random: inout SplitMix64) -> Machine.Revival {
        if case .gone = self.condition { return .fault(.lost(.absent)) }
        if !self.isKind, random.happens(5) { return .fault(.overrun) }
        self.condition = !self.isKind && random.happens(5) ? .stopped(.overrun) : .running(since: now, read: 0)
        return .done
    }

    mutating func resume(at now: Duration) -> Machine.Revival {
        guard case .suspended(let until) = self.condition else { return .fault(.notRunning) }
        return now < until ? .notYet : .done
    }

    mutating func close() { if self.condition != .gone { self.condition = .stopped(.notRunning) } }

    mutating func opened(using random: inout SplitMix64) -> Machine.Opening {
        self.opens = nil
        let isThere = self.condition != .gone && (self.isKind || random.happens(70))
        return isThere ? .opened(self.timing) : .failed(random.pick(.absent, .busy, .serverGone))
    }

    mutating func fail(at now: Duration, using random: inout SplitMix64) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: if self.condition != .gone { self.condition = .stopped(.overrun) }
        case 4: if self.condition != .gone { self.condition = .suspended(until: now + random.seconds(0...3)) }
        case 5: self.condition = .gone
        case 6, 7: if self.condition == .gone { self.condition = .stopped(.notRunning) }
        case 8: self.cries.toggle()
        default: if self.condition != .gone { self.condition = .stopped(.lost(.failing)) }
        }
    }

    mutating func heal() {
        self.isKind = true
        self.cries = false
        if self.condition == .gone { self.condition = .stopped(.notRunning) }
    }
}
