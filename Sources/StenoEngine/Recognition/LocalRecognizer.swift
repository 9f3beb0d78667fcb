package import StenoCore

/// Recognises one stream of English speech in this process.
///
/// Speech is cut into stretches at its pauses, and each stretch becomes one utterance with an id of its own ("0", "1", …):
/// while it lasts it is recognised again about every 0.4 s and given as an interim, and once more as a whole when it has
/// ended. Recognising again costs more the longer a stretch is, so beyond 5 s the interims come further apart.
///
/// The model gives no word times: those of the updates are estimates and marked so. A stretch in which no word was found
/// still completes, with an empty sentence and no words.
package final class LocalRecognizer: StreamRecognizer {
    /// Frames from the beginning of speech to the first interim: less holds no whole word.
    private static let firstInterim: Int64 = 8_000
    /// Frames between interims.
    private static let interimInterval: Int64 = 6_400
    /// An interim waits at least this share of the stretch it covers (a twelfth), which bounds the work at any length.
    private static let interimShare: Int64 = 12
    /// Frames of audio before the speech that are recognised with it. An interim may still be cut into a word at its
    /// beginning, so it takes more.
    private static let preRoll: Int64 = 1_600
    private static let interimPreRoll: Int64 = 4_800

    private let model: EngineModel
    private let tracker: SpeechTracker
    /// Position after which the next interim is due.
    private var nextInterim: Int64 = .max
    /// The words of the last interim: an interim that says nothing new is not given.
    private var shown: [String] = []
    private var completedCount = 0
    private var isFinished = false

    /// - Throws: `refused` when the speech detector does not load.
    package init(model: EngineModel, settings: SpeechSettings = .init()) throws(EngineError) {
        self.model = model
        self.tracker = try SpeechTracker(library: model.library, files: model.files, settings: settings)
    }

    /// - Throws: `EngineError` with the code `finished` after `finish()`.
    package func accept(
        _ samples: UnsafeBufferPointer<Int16>,
        isBehind: Bool
    ) throws -> [TranscriptUpdate] {
        guard !self.isFinished else { throw EngineError(.finished, path: self.model.files.folder) }
        var updates: [TranscriptUpdate] = []
        self.tracker.accept(samples) { event in
            self.handle(event, isBehind: isBehind, updates: &updates)
        }
        return updates
    }

    /// Completes the open utterance. A second call returns nothing.
    package func finish() throws -> [TranscriptUpdate] {
        guard !self.isFinished else { return [] }
        self.isFinished = true
        var updates: [TranscriptUpdate] = []
        self.tracker.finish { event in
            self.handle(event, isBehind: true, updates: &updates)
        }
        return updates
    }

    private func handle(_ event: SpeechTracker.Event?, isBehind: Bool, updates: inout [TranscriptUpdate]) {
        switch event {
        case .began(let position):
            self.nextInterim = position + Self.firstInterim
        case .ended(let stretch):
            updates.append(self.complete(stretch))
            return
        case nil:
            break
        }
        guard let open = self.tracker.open, self.tracker.heard >= self.nextInterim else { return }
        let heard = self.tracker.heard
        self.nextInterim = heard + max(Self.interimInterval, (heard - open) / Self.interimShare)
        guard !isBehind, let interim = self.interim(open..<heard) else { return }
        updates.append(interim)
    }

    private func interim(_ stretch: Range<Int64>) -> TranscriptUpdate? {
        let words = self.words(in: stretch, preRoll: Self.interimPreRoll)
        guard !words.isEmpty, words != self.shown, !ModelText.endsInLoop(words) else { return nil }
        self.shown = words
        return self.update(words, over: stretch, isCompleted: false)
    }

    private func complete(_ stretch: Range<Int64>) -> TranscriptUpdate {
        var words = self.words(in: stretch, preRoll: Self.preRoll)
        if ModelText.endsInLoop(words) {
            // A little more or less audio gets the model out of a loop. Should it not, the text stands: better too many
            // words than a missing one.
            words = self.words(in: stretch, preRoll: Self.interimPreRoll)
        }
        let update = self.update(words, over: stretch, isCompleted: true)
        self.completedCount += 1
        self.nextInterim = .max
        self.shown = []
        return update
    }

    private func words(in stretch: Range<Int64>, preRoll: Int64) -> [String] {
        let start = max(stretch.lowerBound - preRoll, min(self.tracker.earliest, stretch.lowerBound))
        return self.tracker.history.withSamples(in: start..<stretch.upperBound) { self.model.words(in: $0) }
    }

    private func update(_ words: [String], over stretch: Range<Int64>, isCompleted: Bool) -> TranscriptUpdate {
        TranscriptUpdate(
            id: String(self.completedCount),
            sentence: words.joined(separator: " "),
            words: EstimatedWords.spread(
                words,
                from: SamplePosition(frames: stretch.lowerBound).seconds,
                to: SamplePosition(frames: stretch.upperBound).seconds
            ),
            isCompleted: isCompleted,
            hasEstimatedWordTimes: true
        )
    }
}
