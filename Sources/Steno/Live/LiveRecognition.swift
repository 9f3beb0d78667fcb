package import StenoAudio
package import StenoCore
import Synchronization

/// The recognition of a live recording, which must not end before the recording does.
///
/// A service that refuses us, or an engine that fails, ends a recognition early. Who has seen text appear goes on
/// speaking, so the recording goes on to its own end and is finished later; who has not seen any is told at once.
package final class LiveRecognition: Sendable {
    private let source: any SampleSource
    private let tell: @Sendable (RunEvent) -> Void
    private let stopRecording: @Sendable () -> Void
    private let hasListened = Atomic(false)
    private let toldGaps = Mutex(SpanSet())

    /// - Parameter stopRecording: ends the recording in order.
    package init(
        _ source: any SampleSource,
        tell: @escaping @Sendable (RunEvent) -> Void,
        stopRecording: @escaping @Sendable () -> Void
    ) {
        self.source = source
        self.tell = tell
        self.stopRecording = stopRecording
    }

    /// What the recognition tells, on its way to the outputs.
    package func receive(_ event: RecognitionEvent) {
        if case .state(.streaming) = event { self.hasListened.store(true, ordering: .relaxed) }
        if case .gap(let gap) = event { self.toldGaps.withLock { $0.insert(gap.span) } }
        self.tell(RunEvent(event))
    }

    package func run(_ recognizing: Recognizing) async -> RecognitionResult {
        var result = await recognizing.run()
        guard !self.source.progress.isComplete else { return result }
        switch result.ending {
        case .refused, .misconfigured, .engineFailed: break
        case .finished, .cutShort, .gaveUp, .stopped:
            // Somebody asked for it. What is still being recorded has no reader any more.
            self.stopRecording()
            return result
        }
        if self.hasListened.load(ordering: .relaxed) {
            let reason = result.message.map { " \($0)" } ?? ""
            self.tell(.warning("Nothing is recognised any more, but the recording goes on until you stop it.\(reason)"))
        } else {
            self.stopRecording()
        }
        await self.recordingEnded()
        self.takeIntoAccount(&result)
        return result
    }

    private func recordingEnded() async {
        let (changes, doorbell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.source.observe { doorbell.yield() }
        for await _ in changes where self.source.progress.isComplete { return }
    }

    /// What was recorded since may hold speech too, and then it must not be called silent.
    private func takeIntoAccount(_ result: inout RecognitionResult) {
        var listener = SpeechListener()
        let buffer = UnsafeMutableBufferPointer<Int16>.allocate(capacity: SamplePosition.rate)
        defer { buffer.deallocate() }
        listener.listenToTheRest(of: self.source, telling: &result.ledger, using: buffer)
        let told = self.toldGaps.withLock { $0 }
        for gap in self.source.gaps {
            result.ledger.missed(gap.span)
            for span in SpanSet(CollectionOfOne(gap.span)).subtracting(told).spans {
                self.tell(.gap(span, cause: gap.cause.rawValue))
            }
        }
    }
}
