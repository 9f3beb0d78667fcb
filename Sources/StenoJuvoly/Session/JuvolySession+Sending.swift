import NIOCore
import StenoAudio
import StenoCore

extension JuvolySession {
    /// When audio that is announced and not there is asked for again.
    static let withheldPause = Duration.milliseconds(50)
    /// How long a source that is complete is asked again: as long as memory lasts that a stalled disk is waited for.
    static let withheldLimit = Duration.seconds(60)

    /// Puts audio on the wire until the machine says wait, or that there is nothing to send.
    func pump() {
        // What is sent may change writability in the same tick, which asks to pump again; one pump at a time will do.
        guard !self.isPumping else { return }
        self.isPumping = true
        defer { self.isPumping = false }
        while true {
            let now = self.now
            // The socket's word on this comes later than the send that filled it.
            if let socket = self.socket, !socket.isWritable { _ = self.machine.writabilityChanged(to: false) }
            switch self.machine.nextSend(now: now) {
            case .audio(let span):
                guard self.send(span) else { return }
            case .silence(let frames):
                self.buffer[..<Int(frames)].update(repeating: 0)
                self.transmit(UnsafeBufferPointer(rebasing: self.buffer[..<Int(frames)]))
            case .wait(let until):
                self.tellProgress()
                self.pumpLater(at: until)
                return
            case .nothing:
                self.tellProgress()
                self.isPumping = false
                let before = self.machine.state
                self.perform(self.machine.audioSent(now: now, hearing: self.hearing))
                guard self.machine.state != before, case .draining = self.machine.state else { return }
                self.isPumping = true
            }
        }
    }

    func send(_ span: AudioSpan) -> Bool {
        let piece = UnsafeMutableBufferPointer(rebasing: self.buffer[..<Int(span.frames)])
        do {
            let count = try self.source.read(at: span.start, into: piece)
            guard count == piece.count else { return try self.withhold(span) }
        } catch {
            self.sourceFailure = error
            self.perform(self.machine.stopAtOnce(now: self.now))
            return false
        }
        self.withheldSince = nil
        let samples = UnsafeBufferPointer(piece)
        self.listener.listen(to: samples, at: span.start, telling: &self.ledger)
        let progress = self.source.progress
        if progress.isComplete, self.listener.position == progress.available {
            self.listener.finish(telling: &self.ledger)
        }
        self.ledger.sent(span)
        self.transmit(samples)
        return true
    }

    /// A live source may have announced what is still on its way to the disk. It is asked again soon; when it is
    /// complete and has nothing more to wait for, not for ever.
    private func withhold(_ span: AudioSpan) throws(AudioError) -> Bool {
        let since = self.withheldSince ?? self.now
        self.withheldSince = self.source.progress.isComplete ? since : nil
        guard self.now - since < Self.withheldLimit else { throw AudioError(.readFailed, path: "-") }
        self.machine.audioWithheld(span)
        self.tellProgress()
        self.pumpLater(at: self.now + Self.withheldPause)
        return false
    }

    private func pumpLater(at deadline: Duration) {
        self.pumpTimer?.cancel()
        self.pumpTimer = self.eventLoop.scheduleTask(deadline: .uptime(deadline)) { [weak self] in
            self?.assumeIsolated { $0.pump() }
        }
    }

    func transmit(_ samples: UnsafeBufferPointer<Int16>) {
        guard let socket = self.socket else { return }
        // Writability was asked for before the samples were taken, so nothing is refused here.
        self.uplink.encode(samples) { _ = socket.sendBinary($0) }
    }

    /// At most ten times a second, so that showing it costs nothing.
    func tellProgress() {
        let now = NIODeadline.now()
        guard now - self.lastProgress >= .milliseconds(100) || self.machine.isClosed else { return }
        self.lastProgress = now
        self.onEvent(
            .progress(
                RecognitionProgress(
                    available: self.source.progress.available,
                    sent: self.machine.furthest,
                    confirmed: self.ledger.coverage.lastConfirmed ?? .zero
                )
            )
        )
        // The last one comes after everything else.
        guard now - self.lastCoverage >= .milliseconds(250), !self.machine.isClosed else { return }
        self.lastCoverage = now
        self.listener.tellTentative(to: &self.ledger)
        self.onEvent(.coverage(self.ledger.coverageSoFar))
    }
}
