import Steno
import StenoCore
import StenoStore

/// Says at the start of a run what waits to be finished, in one line.
enum UnfinishedNotice {
    /// Ids that one command names at most.
    private static let named = 3

    /// - Parameter options: what leads to the same recordings again, such as `--sandbox`.
    /// - Returns: `nil` when nothing waits.
    static func text(_ unfinished: [RecordingInfo], options: [String]) -> String? {
        let ids = unfinished.filter(Self.needsText).map(\.description.id).sorted()
        guard !ids.isEmpty else { return nil }
        let what = ids.count == 1 ? "1 recording is unfinished." : "\(ids.count) recordings are unfinished."
        let which = ids.count == 1 ? "it" : ids.count <= Self.named ? "them" : "the oldest of them"
        let command = FinishingCommand.deliver(Array(ids.prefix(Self.named)), options: options)
        return "\(what) To finish \(which): \(command)"
    }

    /// What else may be missing, such as a summary, is not made by recognising it again.
    private static func needsText(_ info: RecordingInfo) -> Bool {
        guard let totals = info.coverage?.totals else { return true }
        return totals.unconfirmed > 0 || totals.sent < totals.total - totals.missing
    }
}

extension RecordingLibrary {
    /// What is past its time goes.
    func tidy(_ storage: StorageOptions, _ program: Program) {
        let removed = self.removeExpired(olderThan: storage.keep, now: WallClock.now())
        if !removed.isEmpty { program.say("Recordings past their time were removed: \(removed.count).") }
    }
}
