/// How many samples of a timeline are in which state. The four states sum to `total`, to the sample.
public struct CoverageTotals: Hashable, Sendable {
    /// Length of the timeline.
    public var total: Int64
    /// Inside a completed utterance.
    public var confirmed: Int64
    /// No speech was detected there.
    public var silent: Int64
    /// Speech was detected, and no completed utterance covers it.
    public var unconfirmed: Int64
    /// Never captured, or damaged.
    public var missing: Int64
    /// Handed to a recogniser at least once. Kept beside the four states.
    public var sent: Int64

    public init(total: Int64, confirmed: Int64, silent: Int64, unconfirmed: Int64, missing: Int64, sent: Int64) {
        self.total = total
        self.confirmed = confirmed
        self.silent = silent
        self.unconfirmed = unconfirmed
        self.missing = missing
        self.sent = sent
    }
}
