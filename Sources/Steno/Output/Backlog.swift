import StenoCore

/// How far a live recognition is behind the person who speaks, and whether it is getting nearer.
///
/// Nothing of it is lost: what is not sent is in the recording. But who dictates wants to know that no text comes because
/// the line is slow or gone, and that it will come.
struct Backlog: Sendable {
    /// Seconds. Who is less behind keeps pace: audio comes in lumps.
    private static let noticed = 3.0
    /// Seconds that it must have come nearer, to be called catching up.
    private static let nearer = 1.0

    /// Seconds of audio that this connection, or the next one, has still to be given.
    private(set) var seconds = 0.0
    /// Seconds of speech that have no confirmed text.
    private var unconfirmed = 0.0
    /// The most since it last kept pace, or fell farther behind.
    private var peak = 0.0

    mutating func update(_ progress: RecognitionProgress) {
        self.seconds = max(0, progress.available.seconds - progress.sent.seconds)
        self.peak = self.isNoticed ? max(self.peak, self.seconds) : 0
    }

    func updated(_ progress: RecognitionProgress) -> Backlog {
        var backlog = self
        backlog.update(progress)
        return backlog
    }

    mutating func update(_ coverage: CoverageStateMachine) {
        self.unconfirmed = SamplePosition(frames: coverage.totals.unconfirmed).seconds
    }

    var isNoticed: Bool { self.seconds >= Self.noticed }

    /// The most important first.
    func words(_ state: RecognitionState) -> [String] {
        guard self.isNoticed else { return ["lag \(Self.tenths(self.seconds))"] }
        let behind = ClockText.text(self.seconds)
        let open = self.unconfirmed >= 1 ? ["\(ClockText.text(self.unconfirmed)) unconfirmed"] : []
        switch state {
        case .streaming, .draining, .summarising:
            let isNearer = self.seconds <= self.peak - Self.nearer
            return [isNearer ? "catching up, \(behind) behind" : "\(behind) behind"] + open
        case .connecting, .waitingForReady, .waiting, .closed:
            return ["\(behind) not sent"] + open
        }
    }

    private static func tenths(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
