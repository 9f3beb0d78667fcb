package import StenoAudio
package import StenoCore
package import StenoStore

/// What becomes of the audio of a job.
package enum AudioOrigin: Hashable, Sendable {
    /// A file that can be read as it lies: it stays where it is for as long as the job goes well.
    case referenced
    /// A file that has to be decoded: it is stored as it is decoded.
    case decoded
    /// A pipe: it is stored as it comes, because nobody can read it again.
    case piped
    /// It lies in the recording already.
    case stored
}

/// The recording of one job: its audio, and what becomes known about it, brought to the disk beside the recognition.
///
/// A disk that refuses stops nothing. What it did not take is said at the end.
package final class JobRecording: Sendable {
    /// A disk that does not answer is waited for no longer than this without any progress.
    private static let patience = Duration.seconds(20)

    private let origin: AudioOrigin
    private let book: WaitingBook
    private let keeper: RecordingKeeper
    private let copier: SourceCopier
    private let replaced: [Utterance.ID]?
    private let wasComplete: Bool
    /// Ends when the recording is there, or will never be.
    private let opening: AsyncStream<Void>

    /// - Parameters:
    ///   - replaced: what this job replaces. Then nothing of it is kept before all is done, so that the earlier text
    ///     stays if it is not.
    ///   - wasComplete: nothing that happens now makes it incomplete.
    ///   - open: makes or opens the recording, on a thread of its own.
    /// - Throws: when the system has no descriptor or thread left.
    package init(
        _ source: SharedSource,
        from origin: AudioOrigin,
        id: String,
        replacing replaced: [Utterance.ID]? = nil,
        wasComplete: Bool = false,
        open: @escaping @Sendable () throws(StoreError) -> RecordingWriter
    ) throws(AudioError) {
        let book = WaitingBook()
        self.origin = origin
        self.book = book
        self.replaced = replaced
        self.wasComplete = wasComplete
        let (opening, opened) = AsyncStream<Void>.makeStream()
        self.opening = opening
        self.keeper = RecordingKeeper(book)
        self.copier = try SourceCopier(
            source,
            copying: origin.amountMeanwhile,
            isUrgent: origin == .piped,
            name: id
        ) { () throws(AudioError) in
            defer { opened.finish() }
            do throws(StoreError) {
                let writer = try open()
                book.found(writer, isOpen: replaced == nil)
                return writer
            } catch {
                throw AudioError(.storage(folder: id), path: id, cause: error.cause)
            }
        }
    }

    /// What the run tells. Any thread; never waits for the disk.
    package func receive(_ event: RunEvent) {
        self.keeper.receive(event)
        switch event {
        case .level, .recognition(.transcript(.show)), .recognition(.progress): break
        default: self.copier.wake()
        }
    }

    /// Returns when the recording is there, or cannot be made.
    package func opened() async {
        for await _ in self.opening {}
    }

    /// The recognition is over: what can never be read again is brought to the disk.
    ///
    /// - Returns: what the disk did not take.
    package func audioEnded() async -> AudioSpan? {
        self.origin == .piped ? await self.finished(copying: .whatIsThere)?.missing : nil
    }

    /// The last call: waits until everything is on the disk.
    ///
    /// - Parameter isComplete: all that was asked for is done. Otherwise the audio is stored, whatever becomes of the
    ///   file that it came from.
    /// - Returns: what the disk said, if it refused.
    package func conclude(isComplete: Bool) async -> AudioError? {
        let id = self.book.writer?.place.id ?? "recording"
        guard let report = await self.finished(copying: self.origin.amountAtEnd(isComplete: isComplete)) else {
            return AudioError(.storage(folder: id), path: id, cause: "no answer")
        }
        var failure = report.failure
        if isComplete, let replaced = self.replaced { self.book.open(replacing: replaced) }
        do throws(AudioError) {
            try self.book.writer?.conclude(isComplete: self.wasComplete || (isComplete && failure == nil))
        } catch {
            failure = failure ?? error
        }
        return failure
    }

    /// `nil` when the disk gives no answer for so long that nobody would wait.
    private func finished(copying amount: SourceCopier.Amount) async -> CopyReport? {
        let (reports, report) = AsyncStream<CopyReport>.makeStream()
        let copier = self.copier
        Task { report.yield(await copier.finish(copying: amount)) }
        let watch = Task {
            var end = copier.report.end
            while true {
                try await Task.sleep(for: Self.patience)
                guard copier.report.end > end else { return report.finish() }
                end = copier.report.end
            }
        }
        defer { watch.cancel() }
        for await report in reports { return report }
        return nil
    }
}

extension AudioOrigin {
    fileprivate var amountMeanwhile: SourceCopier.Amount {
        switch self {
        case .referenced, .stored: .nothing
        case .decoded, .piped: .everything
        }
    }

    fileprivate func amountAtEnd(isComplete: Bool) -> SourceCopier.Amount {
        switch self {
        case .referenced: isComplete ? .nothing : .everything
        case .decoded: .everything
        case .piped: .whatIsThere
        case .stored: .nothing
        }
    }
}

extension RecordingWriter: CopySink {}
