import GRDB
import StenoCore

extension WrittenCoverage {
    /// What became of the samples of a recording that its writer left: what was known when it did, what a detector finds
    /// in audio that nobody has listened to, and what cannot be read any more, which is missing. Reads every row.
    static func recovered(_ place: RecordingPlace, _ info: RecordingInfo) throws(StoreError) -> CoverageMemory {
        let rows = try RowReader(place, needsKey: false)
        let memory = try Self.trusted(place, info)
        let known = min(memory.total, info.end)
        var coverage = WrittenCoverage(memory, goingOnAt: known)
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

    /// What was known, as far as a salvage has left it worth believing.
    private static func trusted(_ place: RecordingPlace, _ info: RecordingInfo) throws(StoreError) -> CoverageMemory {
        guard info.isSalvageOpen, let salvage = info.salvage else { return info.memory ?? CoverageMemory() }
        let texts = try Self.texts(place)
        guard var memory = info.memory, !salvage.isDamaged("coverage") else {
            // Everything is listened to again, but where there is a text.
            var memory = CoverageMemory()
            (memory.confirmed, memory.sent, memory.speech) = (texts, texts, texts)
            memory.lastConfirmed = texts.end.map { $0 - CoverageStateMachine.tolerance }
            // What lies elsewhere cannot be listened to here: it is, when it is sent.
            if info.isReferring { memory.total = info.end }
            return memory
        }
        guard salvage.isDamaged("utterances") else { return memory }
        // A text that is lost can be had again from the sound.
        let lost = memory.confirmed.subtracting(texts)
        memory.speech = memory.speech.union(lost)
        for set in [\CoverageMemory.confirmed, \.sent, \.settled, \.heardOnce] {
            memory[keyPath: set] = memory[keyPath: set].subtracting(lost)
        }
        memory.broken = memory.broken.map { $0.subtracting(lost) }
        return memory
    }

    /// Where there is a text that will not change any more, widened as coverage is.
    private static func texts(_ place: RecordingPlace) throws(StoreError) -> SpanSet {
        var texts = SpanSet()
        for path in place.files {
            let file = try Connection.reader(path, name: place.id)
            do {
                try file.inDatabase { database in
                    try database.rows("SELECT start, frames FROM utterances WHERE flags & 1") { row in
                        guard let span = RecordingInfo.span(row, 0) else { return true }
                        let wide = span.widened(by: CoverageStateMachine.tolerance)
                        texts.insert(AudioSpan(start: max(.zero, wide.start), end: wide.end))
                        return true
                    }
                }
            } catch {
                throw StoreError(error, place.id)
            }
        }
        return texts
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
