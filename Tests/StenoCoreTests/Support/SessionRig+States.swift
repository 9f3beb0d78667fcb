import StenoCore

/// A session in each of its states.
extension SessionRig {
    static func creatingSession(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = SessionRig(policy)
        rig.start()
        return rig.looked()
    }

    static func dialling(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = self.creatingSession(policy)
        rig.created()
        return rig.looked()
    }

    static func awaitingReady(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = self.dialling(policy)
        rig.opened()
        return rig.looked()
    }

    static func streaming(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = self.awaitingReady(policy)
        rig.ready()
        return rig.looked()
    }

    /// One second of audio was sent and no more will come.
    static func draining(_ hearing: Machine.Hearing, _ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = self.streaming(policy)
        rig.hearing = hearing
        rig.audio(1, hasEnded: true)
        rig.advance(by: .seconds(1))
        return rig.looked()
    }

    static func summarising(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var policy = policy
        policy.wantsSummary = true
        return self.draining(.confirmed, policy)
    }

    static func waiting(_ policy: SessionPolicy = SessionPolicy()) -> SessionRig {
        var rig = self.creatingSession(policy)
        rig.notCreated(.transient)
        return rig.looked()
    }

    static func finished() -> SessionRig { self.draining(.confirmed) }

    static let everyState: [(String, @Sendable () -> SessionRig)] = [
        ("idle", { SessionRig() }),
        ("creatingSession", { .creatingSession() }),
        ("dialling", { .dialling() }),
        ("awaitingReady", { .awaitingReady() }),
        ("streaming", { .streaming() }),
        ("draining", { .draining(.awaiting()) }),
        ("summarising", { .summarising() }),
        ("waiting", { .waiting() }),
        ("closed", { .finished() }),
    ]

    private func looked() -> SessionRig {
        var rig = self
        _ = rig.take()
        return rig
    }
}
