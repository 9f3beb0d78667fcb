internal import NIOConcurrencyHelpers
internal import NIOPosix
package import StenoAudio
package import StenoCore
internal import Synchronization

/// Has one recording recognised by a recogniser in this process, on a thread of its own.
///
/// It feeds the same ledger as a session with a service, so whoever shows or stores the result cannot tell them apart.
package final class LocalSession: Sendable {
    /// How a local recognition ended.
    package struct Outcome: Sendable {
        package var ledger: RecordingLedger
        /// A person asked for the end before all audio was recognised.
        package var wasStopped: Bool
        package var sourceFailure: AudioError?
        /// The recogniser failed; in words for the person.
        package var engineFailure: String?
    }

    /// 100 ms: what one turn of the loop takes.
    private static let pieceFrames = SamplePosition.rate / 10
    /// With more than this waiting, interim results are not worth their time.
    private static let behind = Int64(2 * SamplePosition.rate)
    /// How often the loop looks again when nobody rings, in case a source's doorbell is broken.
    private static let patience = 1.0
    /// When audio that is announced and not there is asked for again, in seconds.
    private static let withheldPause = 0.05
    /// How long a source that is complete is asked again.
    private static let withheldLimit = Duration.seconds(60)

    private let source: any SampleSource
    private let memory: RecordingMemory
    /// Times real time; `nil` is as fast as the recogniser goes.
    private let speed: Double?
    private let makeRecognizer: @Sendable () throws -> any StreamRecognizer
    private let onEvent: @Sendable (RecognitionEvent) -> Void
    private let isStopped = Atomic<Bool>(false)
    /// 1 when something changed since the loop last looked.
    private let doorbell = ConditionLock(value: 0)

    /// - Parameter memory: what an earlier recognition of the same recording left; this one goes on from there.
    package init(
        source: any SampleSource,
        resuming memory: RecordingMemory = RecordingMemory(),
        speed: Double?,
        makeRecognizer: @escaping @Sendable () throws -> any StreamRecognizer,
        onEvent: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.source = source
        self.memory = memory
        self.speed = speed
        self.makeRecognizer = makeRecognizer
        self.onEvent = onEvent
    }

    /// Runs to the end of the source. Call once.
    package func run() async -> Outcome {
        self.source.observe { [weak self] in self?.ring() }
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        defer { threads.shutdownGracefully { _ in } }
        return await withTaskCancellationHandler {
            do {
                return try await threads.runIfActive { self.recognise() }
            } catch {
                return Outcome(ledger: RecordingLedger(resuming: self.memory), wasStopped: true)
            }
        } onCancel: {
            self.requestStop()
        }
    }

    /// What was recognised so far is completed, and the rest stays unrecognised.
    package func requestStop() {
        self.isStopped.store(true, ordering: .releasing)
        self.ring()
    }

    private func ring() {
        self.doorbell.lock()
        self.doorbell.unlock(withValue: 1)
    }

    private func recognise() -> Outcome {
        var loop = LocalLoop(resuming: self.memory, onEvent: self.onEvent)
        self.onEvent(.state(.connecting))
        do {
            let recognizer = try self.makeRecognizer()
            self.onEvent(.state(.streaming))
            loop.ledger.connectionOpened(at: loop.start)
            try self.feed(recognizer, &loop)
            self.onEvent(.state(.draining))
            loop.take(try recognizer.finish())
            loop.ledger.connectionHeard(AudioSpan(start: loop.start, end: loop.position))
        } catch let error as AudioError {
            loop.sourceFailure = error
        } catch {
            loop.engineFailure = "\(error)"
        }
        loop.sourceFailure = loop.sourceFailure ?? self.source.progress.failure
        loop.listenToTheRest(of: self.source)
        loop.tellGaps(of: self.source, isLast: true)
        loop.tell(loop.ledger.finish())
        self.onEvent(.state(.closed))
        self.onEvent(.coverage(loop.ledger.coverageSoFar))
        return Outcome(
            ledger: loop.ledger,
            wasStopped: self.isStopped.load(ordering: .acquiring),
            sourceFailure: loop.sourceFailure,
            engineFailure: loop.engineFailure
        )
    }

    private func feed(_ recognizer: any StreamRecognizer, _ loop: inout LocalLoop) throws {
        let began = ContinuousClock.now
        var withheldSince: ContinuousClock.Instant?
        while !self.isStopped.load(ordering: .acquiring) {
            let progress = self.source.progress
            loop.ledger.captured(upTo: progress.available)
            loop.tellGaps(of: self.source)
            let waiting = progress.available - loop.position
            if waiting <= 0, progress.isComplete { return }
            guard waiting >= Int64(Self.pieceFrames) || (progress.isComplete && waiting > 0) else {
                self.wait(seconds: Self.patience)
                continue
            }
            if let speed = self.speed {
                let due = began + .seconds((loop.position.seconds - loop.start.seconds) / speed)
                let early = (due - .now).inSeconds
                guard early <= 0 else {
                    self.wait(seconds: early)
                    continue
                }
            }
            let isFed = try loop.feed(
                recognizer,
                from: self.source,
                frames: min(waiting, Int64(Self.pieceFrames)),
                isBehind: waiting > Self.behind
            )
            if isFed {
                withheldSince = nil
            } else {
                // A live source may have announced what is still on its way to the disk.
                let since = withheldSince ?? .now
                withheldSince = progress.isComplete ? since : nil
                guard .now - since < Self.withheldLimit else { throw AudioError(.readFailed, path: "-") }
                self.wait(seconds: Self.withheldPause)
            }
        }
    }

    /// Until the doorbell rings, at most `seconds`.
    private func wait(seconds: Double) {
        if self.doorbell.lock(whenValue: 1, timeoutSeconds: seconds) { self.doorbell.unlock(withValue: 0) }
    }
}
