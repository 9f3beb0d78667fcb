import CALSA
import Glibc
import StenoAudio
import StenoCore

/// Waiting for the device, asking it, reading from it, opening it again.
extension CaptureLoop {
    func wait(_ until: Duration) -> CaptureStateMachine.Action {
        guard let device = self.device else { return self.machine.waited(.fault(.lost(.absent)), now: Self.now) }
        let outcome = device.wait(orFor: self.requests.wakeUp, milliseconds: Self.milliseconds(to: until))
        self.requests.answer()
        return self.machine.waited(outcome, now: Self.now)
    }

    func rest(_ until: Duration) -> CaptureStateMachine.Action {
        var descriptor = pollfd(fd: self.requests.wakeUp, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, Self.milliseconds(to: until))
        self.requests.answer()
        if let outcome = self.attempt?.take() { return self.opened(outcome) }
        return self.machine.performed(now: Self.now)
    }

    /// Asks what is there, and takes the time. Asked again when the thread lost the processor in between, for then the
    /// two do not belong together.
    func look() -> CaptureStateMachine.Action {
        guard let device = self.device else { return self.machine.looked(.fault(.lost(.absent)), now: Self.now) }
        var before = Self.now
        var found = device.look()
        var after = Self.now
        var tries = 1
        while after - before > .milliseconds(1), tries < 3 {
            (before, found, after) = (Self.now, device.look(), Self.now)
            tries += 1
        }
        return self.machine.looked(found, now: after)
    }

    /// Rounded up, so that the time has come afterwards; bounded, so that nothing waits for ever on a wrong clock.
    private static func milliseconds(to time: Duration) -> Int32 {
        let parts = min(max(time - Self.now, .zero), .seconds(60)).components
        return Int32(parts.seconds * 1_000 + (parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    func read(_ frames: Int) -> CaptureStateMachine.Action {
        guard let device = self.device, let base = self.bytes.baseAddress else {
            return self.machine.read(.fault(.lost(.absent)), now: Self.now)
        }
        let outcome = device.read(min(max(1, frames), Self.readFrames), into: base)
        if case .some(let count) = outcome { self.framesRead = min(count, Self.readFrames) }
        return self.machine.read(outcome, now: Self.now)
    }

    func open() -> CaptureStateMachine.Action {
        let attempt = OpeningAttempt(
            self.request,
            requests: self.requests,
            card: self.card,
            format: self.converter.format
        )
        let isUnderWay = attempt.begin(closing: self.discarded)
        self.discarded = nil
        guard isUnderWay else { return self.machine.opened(.failed(.failing), now: Self.now) }
        self.attempt = attempt
        return self.machine.performed(now: Self.now)
    }

    private func opened(_ outcome: OpeningAttempt.Outcome) -> CaptureStateMachine.Action {
        self.attempt = nil
        switch outcome {
        case .failed(let trouble):
            return self.machine.opened(.failed(trouble), now: Self.now)
        case .opened(let opened):
            if let converter = opened.converter {
                self.converter = converter
                self.bytes.deallocate()
                self.bytes = Self.scratch(opened.device.format)
            }
            self.device = opened.device
            self.log("capture opened the device again")
            return self.machine.opened(.opened(opened.device.format.timing), now: Self.now)
        }
    }
}
