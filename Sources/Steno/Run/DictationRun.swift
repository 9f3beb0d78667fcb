package import StenoAudio
import StenoCore

/// One recording from its audio to everything that was asked for: recognised, summarised, handed over.
///
/// Nothing is summarised and no note is made when no speech was confirmed: a note must not be made from silence.
package struct DictationRun: Sendable {
    package struct Request: Sendable {
        package var header: RecordingHeader
        package var source: any SampleSource
        package var summaries: [SummaryKind]
        /// ISO 639, for Invox.
        package var language: String?
        package var upload: NoteUpload?

        package init(
            header: RecordingHeader,
            source: any SampleSource,
            summaries: [SummaryKind],
            language: String?,
            upload: NoteUpload?
        ) {
            self.header = header
            self.source = source
            self.summaries = summaries
            self.language = language
            self.upload = upload
        }
    }

    private let request: Request
    private let summariser: (any TranscriptSummarising)?
    private let uploader: (any NoteUploading)?
    private let keeper: (any HandoverKeeping)?
    private let tell: @Sendable (RunEvent) -> Void

    package init(
        _ request: Request,
        summariser: (any TranscriptSummarising)?,
        uploader: (any NoteUploading)?,
        keeper: (any HandoverKeeping)? = nil,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.request = request
        self.summariser = summariser
        self.uploader = uploader
        self.keeper = keeper
        self.tell = tell
    }

    /// Runs to the end and says what the exit code is. `end` is the last event.
    ///
    /// - Parameter isAnnounced: `recording` was told before, because something else had to be told behind it.
    package func run(
        isAnnounced: Bool = false,
        _ recognize: () async -> RecognitionResult
    ) async -> ExitCode {
        if !isAnnounced { self.tell(.recording(self.request.header)) }
        let result = await recognize()
        for warning in self.request.source.warnings { self.tell(.warning(warning.description)) }
        self.explain(result)
        var code = result.exitCode
        if result.ending != .stopped {
            code = await self.handOver(result, code)
        }
        let coverage = result.ledger.coverage
        self.tell(
            .end(
                RunEnd(
                    isComplete: code == .success,
                    totals: coverage.totals,
                    unconfirmed: coverage.unsettled.spans,
                    settled: coverage.settledWithoutText.spans,
                    coverage: coverage
                )
            )
        )
        return code
    }

    private func handOver(_ result: RecognitionResult, _ code: ExitCode) async -> ExitCode {
        var code = code
        let hasSpeech = result.ledger.coverage.hasConfirmedSpeech
        for kind in self.request.summaries {
            code = code.combined(with: await self.summarise(kind, result, hasSpeech: hasSpeech))
        }
        if let upload = self.request.upload, let uploader = self.uploader {
            if hasSpeech {
                code = code.combined(with: await uploader.upload(upload, self.request.source, tell: self.tell))
            } else {
                await self.skip("connectvets", because: result)
            }
        }
        return code
    }

    private func summarise(_ kind: SummaryKind, _ result: RecognitionResult, hasSpeech: Bool) async -> ExitCode {
        guard hasSpeech else {
            await self.skip(kind.rawValue, because: result)
            return .success
        }
        switch kind {
        case .soep:
            guard let summary = result.summary else {
                self.tell(.warning("The service sent no summary. The transcript is whole; ask for the summary again."))
                return .unfinished
            }
            let written = WrittenSummary(summary)
            await self.keeper?.made(written)
            self.tell(.summary(written))
            return .success
        case .invox, .invoxSOAP:
            guard let summariser = self.summariser else { return .configuration }
            return await summariser.summarise(
                TranscriptForSummary(
                    text: result.ledger.transcript.utterances.map(\.text).joined(separator: "\n"),
                    kind: kind,
                    language: self.request.language,
                    covers: result.ledger.coverage.total.seconds,
                    isPartial: !result.isComplete
                ),
                tell: self.tell
            )
        }
    }

    private func skip(_ target: String, because result: RecognitionResult) async {
        let reason =
            result.ledger.coverage.hasSpeech
            ? "Speech was detected, but none of it was confirmed." : "Nothing was said."
        // Until everything that was said has its text, something may still come of it.
        if result.isComplete { await self.keeper?.skipped(target, because: reason) }
        self.tell(.delivery(DeliveryReport(target: target, state: .skipped, reason: reason)))
    }

    /// Says in words what went wrong, and what finishes it.
    private func explain(_ result: RecognitionResult) {
        if let failure = result.sourceFailure { self.tell(.warning(failure.description)) }
        let detail = result.message.map { " \($0)" } ?? ""
        switch result.ending {
        case .finished, .cutShort: break
        case .refused: self.tell(.warning("The service refused us.\(detail)"))
        case .misconfigured: self.tell(.warning("A setting is wrong.\(detail)"))
        case .gaveUp: self.tell(.warning("There was no connection to the service.\(detail)"))
        case .stopped: self.tell(.warning("Stopped at once."))
        case .engineFailed: self.tell(.warning("The embedded engine failed.\(detail)"))
        }
        let settled = result.ledger.coverage.settledWithoutText.spans
        if !settled.isEmpty {
            self.tell(.warning("Sounds like speech gave no text at \(Self.places(settled)). They were heard."))
        }
        // The gaps of the source were told as they happened, with their causes.
        let told = SpanSet(self.request.source.gaps.map(\.span))
        for span in result.ledger.coverage.missing.subtracting(told).spans {
            self.tell(.gap(span, cause: AudioGap.Cause.unreadable.rawValue))
        }
        let open = result.ledger.coverage.unsettled.spans
        if !open.isEmpty {
            self.tell(.warning("Speech without confirmed text at \(Self.places(open))."))
        }
        let unsent = result.ledger.coverage.totals
        if unsent.sent < unsent.total - unsent.missing { self.tell(.warning("Not all audio was recognised.")) }
    }

    /// The first few places, as minutes and seconds.
    private static func places(_ spans: [AudioSpan]) -> String {
        let shown = spans.prefix(5).map { span in
            "\(Subtitles.clock(span.start, fraction: "."))–\(Subtitles.clock(span.end, fraction: "."))"
        }
        return shown.joined(separator: ", ") + (spans.count > 5 ? " and \(spans.count - 5) more" : "")
    }
}
