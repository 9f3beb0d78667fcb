import GRDB
package import StenoCore

/// Whether a recording is what it says: every row decodes and has the right checksum, every sample is in a row or in a
/// gap, what is said of them adds up, and SQLite finds nothing wrong with its file.
///
/// Without its key, what is sealed cannot be opened. Then everything else is checked, and `trouble` says so.
///
/// Damage is reported row by row, and everything else stays usable.
package struct RecordingVerification: Hashable, Sendable {
    /// Problems of one kind that are listed at most; a file that is all damaged needs no longer list.
    static let problemLimit = 100

    /// Rows of audio that were decoded and found right.
    package private(set) var soundRows: Int64 = 0
    /// Rows of audio that are there and could not be opened without the key.
    package private(set) var lockedRows: Int64 = 0
    /// Why what is sealed was not checked; `nil` when everything was.
    package private(set) var trouble: StoreError?
    package private(set) var end = SamplePosition.zero
    /// Rows that are there and cannot be trusted, in order.
    package private(set) var damaged = SpanSet()
    /// Neither a row nor a gap says what became of these.
    package private(set) var holes = SpanSet()
    /// What else is wrong, in words.
    package private(set) var problems: [String] = []

    /// Nothing is wrong with what was checked.
    package var isSound: Bool { self.damaged.isEmpty && self.holes.isEmpty && self.problems.isEmpty }

    /// Checks every row. Takes about a second for an hour of audio; blocks.
    package init(_ place: RecordingPlace) throws(StoreError) {
        for path in place.files { try self.checkFile(path, place) }
        let info: RecordingInfo
        do throws(StoreError) {
            info = try RecordingInfo(place)
        } catch  where error.reason == .failing || error.isDamage {
            self.report("Its tables cannot be read any more: \(error.cause ?? "").")
            return
        }
        self.end = info.end
        let rows = try RowReader(place, needsKey: false)
        self.trouble = rows.trouble
        try self.checkAudio(rows, info)
        if self.trouble == nil { try self.checkText(place) }
        self.checkCoverage(info)
        if info.description.reference?.hasChanged == true { self.report("The file it refers to has changed.") }
        for name in info.setAside { self.report("'\(name)' was damaged and was set aside.") }
        for line in info.salvage?.lines ?? [] { self.report(line) }
    }

    private mutating func checkFile(_ path: String, _ place: RecordingPlace) throws(StoreError) {
        let known = self.problems.count
        do {
            let file = try Connection.reader(path, name: place.id)
            try file.inDatabase { database in
                try database.rows("PRAGMA integrity_check(\(Self.problemLimit))") { row in
                    if let text = row.text(0), text != "ok" { self.report("SQLite: \(text)") }
                    return true
                }
            }
        } catch {
            let error = StoreError(error, place.id)
            guard error.isDamage else { throw error }
            self.report("SQLite cannot read it: \(error.cause ?? "").")
        }
        guard self.problems.count == known else {
            let name = path.split(separator: "/").last ?? ""
            self.report(
                "'steno recordings recover' keeps the file as '\(name).bad', and puts what can be read of it into a new one."
            )
            return
        }
        do {
            let overlaps = try Connection.reader(path, name: place.id).inDatabase { database in
                try RecordingSchema.version(of: database) > 0 && CoverageTable.overlaps(in: database)
            }
            if overlaps { self.report("Coverage tells twice of some audio.") }
        } catch {
            throw StoreError(error, place.id)
        }
    }

    private mutating func checkAudio(_ rows: RowReader, _ info: RecordingInfo) throws(StoreError) {
        let gaps = SpanSet(info.gaps.map(\.span))
        var position = SamplePosition.zero
        while position < info.end {
            let piece = try rows.piece(at: position)
            let span = AudioSpan(start: position, end: min(piece.span.end, info.end))
            switch piece.content {
            case .sound: self.soundRows += 1
            case .locked: self.lockedRows += 1
            case .damaged: self.damaged.insert(span)
            // What the recording only refers to need not lie in it.
            case .nothing where info.isReferring: break
            case .nothing:
                for hole in SpanSet(CollectionOfOne(span)).subtracting(gaps).spans { self.holes.insert(hole) }
            }
            position = span.end
        }
        // A row whose length cannot be trusted may leave a hole behind it, which is a part of the damage.
        for hole in self.holes.spans where self.damaged.spans.contains(where: { $0.end == hole.start }) {
            self.damaged.insert(hole)
            self.holes.remove(hole)
        }
    }

    /// Whether everything that is written down can be read.
    private mutating func checkText(_ place: RecordingPlace) throws(StoreError) {
        for (part, path) in place.numberedFiles {
            let file = try Connection.reader(path, name: place.id)
            do {
                try file.inDatabase { database in
                    let seal = try RowSeal.of(database, in: place, part: part)
                    try database.rows(UtteranceRow.selection) { row in
                        guard UtteranceRow.utterance(row, seal) == nil else { return true }
                        let seconds = SamplePosition(frames: max(0, row.integer(1))).seconds
                        self.report("The utterance at \(seconds) s cannot be read.")
                        return true
                    }
                    let information = try database.first(InformationRow.selection) {
                        InformationRow.information($0, seal) != nil
                    }
                    if information == false { self.report("The information cannot be read.") }
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                self.report("Not every text can be read any more.")
            } catch {
                throw StoreError(error, place.id)
            }
        }
    }

    private mutating func checkCoverage(_ info: RecordingInfo) {
        guard let coverage = info.coverage, let memory = info.memory else {
            if info.schema > 1, info.end > .zero { self.report("Nothing tells what became of its audio.") }
            return
        }
        let timeline = AudioSpan(start: .zero, end: coverage.total)
        let sets = [memory.confirmed, memory.missing, memory.speech, memory.sent, memory.settled, memory.heardOnce]
        if (sets + memory.broken).contains(where: { $0.clamped(to: timeline) != $0 }) {
            self.report("Coverage tells of audio that the recording does not have.")
        }
        let totals = coverage.totals
        let known = coverage.confirmed.union(coverage.unconfirmed).union(coverage.missing).frames
        if known != totals.confirmed + totals.unconfirmed + totals.missing || totals.silent < 0 {
            self.report("Coverage gives some audio two states, so it does not add up.")
        }
        // The first format had coverage at the end only, and none while it was written.
        guard info.schema > 1 || info.state == .finished else { return }
        if coverage.total != info.end {
            self.report("Coverage ends at \(coverage.total.frames) samples, the recording at \(info.end.frames).")
        }
        if !SpanSet(info.gaps.map(\.span)).subtracting(coverage.missing).isEmpty {
            self.report("Coverage says of a gap that it was recorded.")
        }
    }

    private mutating func report(_ problem: String) {
        if self.problems.count < Self.problemLimit { self.problems.append(problem) }
    }
}
