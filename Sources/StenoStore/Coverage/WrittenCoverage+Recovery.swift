import StenoCore

extension WrittenCoverage {
    /// What became of the samples of a recording that its writer left: what was known when it did, what a detector finds
    /// in audio that nobody has listened to, and what cannot be read any more, which is missing. Reads every row.
    static func recovered(_ place: RecordingPlace, _ info: RecordingInfo) throws(StoreError) -> CoverageMemory {
        let rows = try RowReader(place, needsKey: false)
        let known = min(info.memory?.total ?? .zero, info.end)
        var coverage = WrittenCoverage(info.memory ?? CoverageMemory(), goingOnAt: known)
        for gap in info.gaps { coverage.missed(gap.span) }
        var position = SamplePosition.zero
        while position < info.end {
            let piece = try rows.piece(at: position)
            let span = AudioSpan(start: position, end: min(piece.span.end, info.end))
            switch piece.content {
            case .sound(let samples): coverage.hear(samples, at: piece.span.start, from: max(position, known))
            case .locked where span.end > known: coverage.mayBeSpeech(span)
            case .locked: break
            case .damaged: coverage.missed(span)
            case .nothing: if !info.isReferring { coverage.missed(span) }
            }
            position = span.end
        }
        coverage.finish()
        return coverage.memory(upTo: info.end, isElsewhere: false)
    }

    /// - Parameter position: what lies before it was listened to.
    private mutating func hear(_ samples: [Int16], at start: SamplePosition, from position: SamplePosition) {
        let known = Int(clamping: max(0, position - start))
        guard known < samples.count else { return }
        samples.withUnsafeBufferPointer { samples in
            self.heard(UnsafeBufferPointer(rebasing: samples[known...]), at: start + Int64(known))
        }
    }
}
