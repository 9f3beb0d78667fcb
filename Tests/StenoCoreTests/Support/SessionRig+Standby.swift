import StenoCore

/// What happens to a connection that is to take over.
extension SessionRig {
    mutating func standbyCreated() { self.perform(self.machine.standbyCreated(now: self.now)) }
    mutating func standbyOpened() { self.perform(self.machine.standbyOpened(now: self.now)) }
    mutating func standbyReady() {
        self.perform(self.machine.standbyReady(now: self.now, hearing: self.heard))
    }
    mutating func standbyFailed(retryAfter: Duration? = nil) {
        self.perform(self.machine.standbyFailed(now: self.now, retryAfter: retryAfter))
    }

    /// A connection that lasts ten minutes at most, and streams.
    static func limited(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var policy = policy
        policy.connectionLimit = .seconds(600)
        return .streaming(policy)
    }

    /// Near its limit: a standby is being created.
    static func nearItsLimit(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = SessionRig.limited(policy)
        rig.advance(by: .seconds(570))
        return rig
    }

    /// As far as there is none left to wait for but the moment.
    mutating func makeStandbyReady() {
        self.standbyCreated()
        self.standbyOpened()
        self.standbyReady()
    }
}
