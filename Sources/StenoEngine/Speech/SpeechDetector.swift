package import StenoCore

/// Tells where in a stream somebody speaks, by Silero: the refinement of the energy detector where the engine is
/// installed. Costs 0.6 % of one processor; loads no speech model.
///
/// Not `Sendable`: one thread at a time.
package final class SpeechDetector {
    private let tracker: SpeechTracker
    private let start: SamplePosition
    private var isFinished = false

    /// - Parameter start: the position of the first sample that will be accepted.
    /// - Throws: `refused` when the library or the detector does not load.
    package convenience init(
        files: EngineFiles,
        settings: SpeechSettings = .init(),
        startingAt start: SamplePosition = .zero
    ) throws(EngineError) {
        try self.init(library: EngineLibrary(files: files), files: files, settings: settings, startingAt: start)
    }

    /// A detector beside a loaded model, sharing its library.
    package convenience init(
        model: EngineModel,
        settings: SpeechSettings = .init(),
        startingAt start: SamplePosition = .zero
    ) throws(EngineError) {
        try self.init(library: model.library, files: model.files, settings: settings, startingAt: start)
    }

    private init(
        library: EngineLibrary,
        files: EngineFiles,
        settings: SpeechSettings,
        startingAt start: SamplePosition
    ) throws(EngineError) {
        self.tracker = try SpeechTracker(library: library, files: files, settings: settings)
        self.start = start
    }

    /// Where the speech began that has not ended yet.
    package var openSince: SamplePosition? { self.tracker.open.map { self.start + $0 } }

    /// Everything before this position has been judged, the open stretch apart.
    package var heard: SamplePosition { self.start + self.tracker.heard }

    /// Takes the next samples and returns the stretches of speech that ended in them, in order.
    ///
    /// - Throws: `finished`.
    package func accept(_ samples: UnsafeBufferPointer<Int16>) throws(EngineError) -> [AudioSpan] {
        guard !self.isFinished else { throw EngineError(.finished, path: "") }
        var spans: [AudioSpan] = []
        self.tracker.accept(samples) { self.note($0, in: &spans) }
        return spans
    }

    /// No more audio will come: ends the open stretch.
    package func finish() -> [AudioSpan] {
        guard !self.isFinished else { return [] }
        self.isFinished = true
        var spans: [AudioSpan] = []
        self.tracker.finish { self.note($0, in: &spans) }
        return spans
    }

    private func note(_ event: SpeechTracker.Event?, in spans: inout [AudioSpan]) {
        guard case .ended(let stretch) = event, !stretch.isEmpty else { return }
        spans.append(AudioSpan(start: self.start + stretch.lowerBound, end: self.start + stretch.upperBound))
    }
}
