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
        let ids = unfinished.filter(\.needsText).map(\.description.id).sorted()
        guard !ids.isEmpty else { return nil }
        let what = ids.count == 1 ? "1 recording is unfinished." : "\(ids.count) recordings are unfinished."
        let which = ids.count == 1 ? "it" : ids.count <= Self.named ? "them" : "the oldest of them"
        let command = FinishingCommand.deliver(Array(ids.prefix(Self.named)), options: options)
        return "\(what) To finish \(which): \(command)"
    }

    /// What waits in a library, one line for each kind.
    ///
    /// - Parameter id: a recording that is worked on now.
    static func texts(
        _ library: RecordingLibrary,
        except id: String? = nil,
        _ unfinished: [RecordingInfo]? = nil,
        options: [String]
    ) -> [String] {
        let text = Self.text(unfinished ?? library.unfinished(), options: options)
        let waiting = library.waitingDeliveries().filter { $0.place.id != id && !$0.isRunning }
        guard !waiting.isEmpty else { return [text].compactMap(\.self) }
        let what = waiting.count == 1 ? "1 delivery waits." : "\(waiting.count) deliveries wait."
        let command = FinishingCommand.queue(nil, options: options)
        return [text, "\(what) To hand over: \(command)"].compactMap(\.self)
    }
}

extension RecordingLibrary {
    /// What is past its time goes.
    func tidy(_ storage: StorageOptions, _ program: Program) {
        let removed = self.removeExpired(olderThan: storage.keep, now: WallClock.now())
        if !removed.isEmpty { program.say("Recordings past their time were removed: \(removed.count).") }
    }
}
