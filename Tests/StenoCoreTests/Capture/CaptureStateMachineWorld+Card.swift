import StenoCore

/// The card itself: what it answers, and what goes wrong with it.
extension CaptureStateMachineWorld {
    func captured(since: Double) -> Int {
        let frames = Int((self.now - since) * self.rate)
        return frames - frames % self.granularity
    }

    mutating func wait(until end: Double) -> Machine.Waited {
        if self.cries, self.random.happens(90) { return .readable }
        switch self.card {
        case .running(let since, let read):
            // When the next period is there, seen by a thread that is sometimes late.
            let steps = (Double(read + 960) / Double(self.granularity)).rounded(.up) * Double(self.granularity)
            var wake = since + steps / self.rate + 0.000_1
            if self.random.happens(5) { wake += 0.03 * self.random.nextUnit() }
            guard wake < end else { self.now = max(self.now, end); return .elapsed }
            self.now = max(self.now, wake)
            return .readable
        case .stopped(let fault): return .fault(fault)
        case .suspended: return .fault(.suspended)
        case .gone: return .fault(.lost(.absent))
        }
    }

    mutating func look() -> Machine.Frames {
        switch self.card {
        case .running(let since, let read):
            let queued = self.captured(since: since) - read
            guard queued < Self.timing.bufferFrames else {
                self.card = .stopped(.overrun)
                return .fault(.overrun)
            }
            return queued > 0 ? .some(queued) : .nothing
        case .stopped(let fault): return .fault(fault)
        case .suspended: return .fault(.suspended)
        case .gone: return .fault(.lost(.absent))
        }
    }

    mutating func read(_ most: Int) -> Machine.Frames {
        guard case .running(let since, let read) = self.card else { return self.look() }
        var frames = min(most, 960)
        if self.random.happens(5) { frames = Int.random(in: 1...frames, using: &self.random) }
        self.lastRead = (frames, since + Double(read) / self.rate)
        self.card = .running(since: since, read: read + frames)
        return .some(frames)
    }

    mutating func restart() -> Machine.Revival {
        if case .gone = self.card { return .fault(.lost(.absent)) }
        if !self.isKind, self.random.happens(10) { return .fault(.overrun) }
        self.now += 0.001 * self.random.nextUnit()
        self.card = .running(since: self.now, read: 0)
        if !self.isKind, self.random.happens(10) { self.card = .stopped(.overrun) }
        return .done
    }

    mutating func resume() -> Machine.Revival {
        guard case .suspended(let until) = self.card else { return .fault(.notRunning) }
        return self.now < until ? .notYet : .done
    }

    mutating func finishOpening(_ action: inout Machine.Action) {
        self.openEnds = nil
        let trouble = [DeviceTrouble.absent, .busy, .serverGone].randomElement(using: &self.random)!
        let isThere = self.card != .gone && (self.isKind || self.random.happens(70))
        action = self.machine.opened(isThere ? .opened(Self.timing) : .failed(trouble), now: self.time)
    }

    // MARK: What goes wrong

    mutating func happen(_ action: inout Machine.Action) {
        self.faults += 1
        switch Int.random(in: 0..<12, using: &self.random) {
        case 0...3: if self.card != .gone { self.card = .stopped(.overrun) }
        case 4: if self.card != .gone { self.card = .suspended(until: self.now + 3 * self.random.nextUnit()) }
        case 5: self.card = .gone
        case 6, 7: if self.card == .gone { self.card = .stopped(.notRunning) }
        case 8: self.now += 0.5 * self.random.nextUnit()
        case 9: self.cries.toggle()
        case 10:
            self.settle(&action)
            self.isPaused.toggle()
            action =
                self.isPaused
                ? self.machine.pauseRequested(now: self.time) : self.machine.resumeRequested(now: self.time)
        default: if self.card != .gone { self.card = .stopped(.lost(.failing)) }
        }
    }

    mutating func heal() {
        self.isKind = true
        self.cries = false
        if self.card == .gone { self.card = .stopped(.notRunning) }
    }
}
