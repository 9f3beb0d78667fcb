package import StenoCore

/// What can be told about a recording without decoding it.
package struct RecordingInfo: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// A process writes it now.
        case running(process: Int32?)
        /// Nobody writes it, and nobody has said that it is done: a crash, a power cut.
        case unfinished
        case finished
    }

    package var description: RecordingDescription
    package var folder: String
    package var state: State
    /// All that was asked for is done.
    package var isComplete: Bool
    /// Milliseconds since 1970; `nil` until it is finished.
    package var finished: Int64?
    /// It was not finished by its writer but found afterwards.
    package var isRecovered: Bool
    package var end: SamplePosition
    package var gaps: [AudioGap]
    /// Some audio lies in it.
    package var hasAudio: Bool
    /// The audio is a file elsewhere, whose name is in `description` if the key is here.
    package var isReferring: Bool
    /// Names of files in its folder that were damaged and are kept under another name.
    package var setAside: [String]
    /// What was read of damaged files and is in new ones; `nil` when there was none.
    package var salvage: SalvageReport?
    /// That was interrupted: nobody has said yet which samples it has cost.
    var isSalvageOpen = false
    package var utterances: Int64
    /// `nil` when nobody has said yet what became of the audio.
    package var coverage: RecordingCoverage?
    /// What coverage is made from.
    package var memory: CoverageMemory?
    /// In the order in which they were asked for.
    package var deliveries: [RecordingDelivery]
    /// What was said is sealed. All that is here can be told without its key.
    package var isSealed: Bool
    /// It is sealed, and its key is not on this machine: deleted, or never brought here.
    package var isKeyAbsent: Bool
    /// Files it consists of; more than one when the disk failed.
    package var parts: Int
    /// Version of its tables.
    package var schema: Int
    /// On the disk, companions of SQLite included.
    package var bytes: Int64

    /// Audio that was recorded and cannot be read any more, as far as anybody has looked.
    package var unreadable: SpanSet {
        (self.coverage?.missing ?? SpanSet()).subtracting(SpanSet(self.gaps.map(\.span)))
    }

    /// Some of what was said has no text yet, or nobody has listened to it.
    package var needsText: Bool {
        guard let coverage = self.coverage else { return true }
        // What was heard and gave no text is no reason to hear it again.
        guard coverage.unconfirmed.subtracting(coverage.settled).isEmpty else { return true }
        let totals = coverage.totals
        return totals.sent < totals.total - totals.missing
    }
}
