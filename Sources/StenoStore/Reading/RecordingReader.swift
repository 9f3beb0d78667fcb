import GRDB
package import StenoAudio
package import StenoCore
import Synchronization

/// Reads a recording, finished or not, also while it is written: then it is as long as it was when this was made.
///
/// Where audio is missing or damaged it reads as zeros; `RecordingVerification` says which is which.
package final class RecordingReader: SampleSource {
    package let info: RecordingInfo
    private let place: RecordingPlace
    private let rows: Mutex<RowReader>
    private let damage = Mutex(SpanSet())

    /// - Throws: when there is no such recording, or it cannot be opened: its key is not here, or does not fit.
    package init(_ place: RecordingPlace) throws(StoreError) {
        self.info = try RecordingInfo(place)
        self.place = place
        self.rows = Mutex(try RowReader(place))
    }

    package var progress: SourceProgress { SourceProgress(available: self.info.end, isComplete: true) }
    /// What of that which was read so far could not be trusted, and was given as zeros.
    package var damaged: SpanSet { self.damage.withLock { $0 } }
    package var totalFrames: Int64? { self.info.end.frames }
    package var warnings: [AudioWarning] { [] }

    /// It does not change.
    package func observe(_ doorbell: @escaping @Sendable () -> Void) { doorbell() }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let count = buffer.count
        do throws(StoreError) {
            let result = try self.rows.withLock { rows throws(StoreError) in
                try rows.read(at: position, before: self.info.end, count: count)
            }
            if !result.damaged.isEmpty {
                self.damage.withLock { damage in for span in result.damaged { damage.insert(span) } }
            }
            return buffer.update(fromContentsOf: result.samples)
        } catch {
            throw AudioError(.readFailed, path: self.place.id, cause: error.cause)
        }
    }

    /// What was said, in the order of the timeline. Rows that are damaged are left out.
    package func utterances() throws(StoreError) -> [Utterance] {
        var utterances: [Utterance.ID: Utterance] = [:]
        try self.eachFile { database, seal in
            try database.rows(UtteranceRow.selection) { row in
                if let utterance = UtteranceRow.utterance(row, seal) { utterances[utterance.id] = utterance }
                return true
            }
        }
        return utterances.values.sorted { ($0.span.start, $0.id.description) < ($1.span.start, $1.id.description) }
    }

    /// What the service read out of the conversation.
    package func information() throws(StoreError) -> Information {
        var information = Information()
        try self.eachFile { database, seal in
            let found = try database.first(InformationRow.selection) { InformationRow.information($0, seal) }
            if let found, let found { information = found }
        }
        return information
    }

    /// All that a recognition needs to go on with this one. What nobody has listened to yet is listened to now.
    package func memory() throws(StoreError) -> RecordingMemory {
        var memory = RecordingMemory()
        memory.utterances = try self.utterances()
        memory.information = try self.information()
        memory.coverage = self.info.memory ?? CoverageMemory()
        for gap in self.info.gaps { memory.coverage.missing.insert(gap.span) }
        let known = memory.coverage.total
        guard known < self.info.end else { return memory }
        for span in try self.speech(from: known) { memory.coverage.speech.insert(span) }
        memory.coverage.total = self.info.end
        return memory
    }

    private func speech(from start: SamplePosition) throws(StoreError) -> [AudioSpan] {
        var detector = EnergyDetector(start: start)
        var spans: [AudioSpan] = []
        let buffer = UnsafeMutableBufferPointer<Int16>.allocate(capacity: SamplePosition.rate)
        defer { buffer.deallocate() }
        while detector.position < self.info.end {
            let count = Int(min(Int64(buffer.count), self.info.end - detector.position))
            let read: Int
            do throws(AudioError) {
                read = try self.read(
                    at: detector.position,
                    into: UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                )
            } catch {
                throw StoreError(.failing, self.place.id, cause: error.cause)
            }
            guard read > 0 else { break }
            spans += detector.accept(UnsafeBufferPointer(rebasing: buffer[..<read]))
        }
        return spans + detector.finish()
    }

    /// What happened, in order.
    package func events() throws(StoreError) -> [RecordingEvent] {
        var events: [RecordingEvent] = []
        try self.eachFile { database, _ in
            try database.rows("SELECT position, time, kind, detail FROM events ORDER BY number") { row in
                let position = SamplePosition(frames: row.integer(0))
                events.append(
                    RecordingEvent(row.text(2) ?? "", at: position, time: row.integer(1), detail: row.text(3))
                )
                return true
            }
        }
        return events
    }

    private func eachFile(_ body: (Database, RowSeal) throws -> Void) throws(StoreError) {
        for (part, path) in self.place.numberedFiles {
            let file = try Connection.reader(path, name: self.place.id)
            do {
                try file.inDatabase { try body($0, RowSeal.of($0, in: self.place, part: part).unlocked()) }
            } catch {
                throw StoreError(error, self.place.id)
            }
        }
    }
}
