import StenoAudio
import StenoCore

/// Takes a timeline as it comes and brings it to the disk: cuts rows, encodes them, and commits them with what
/// belongs to them, at least once for each 250 ms.
///
/// What the disk refuses stays here and is offered again with the next call. If the file itself is in doubt, it is
/// dropped for ever and the recording goes on in the next part, beginning with what was not yet safe.
///
/// Not `Sendable`: whoever holds the lock of `RecordingWriter` owns it.
struct RecordingJournal: ~Copyable {
    /// Rows that wait at most for the disk, 10 s. At the bound nothing more is taken.
    static let rowLimit = 40
    /// Gaps that wait at most for the disk, or for the row that they begin in.
    static let gapLimit = 4_096
    /// No recording is longer; keeps arithmetic on positions from outside away from overflow. 8,900 years.
    static let positionLimit = Int64(1) << 52

    private let place: RecordingPlace
    private let description: RecordingDescription
    private let encoder: FLACFrameEncoder
    /// `nil`: it is not sealed.
    let key: RecordingKey?
    private var lock: WriterLock?
    private var part: RecordingPart?
    /// The number of the part that is written or was dropped last.
    private(set) var parts: Int
    private var cutter = RowCutter(at: .zero)
    private var device: String?
    private var segments = 1
    private var batch = RecordingBatch()
    /// The last gap, which the next one may continue.
    private var lastGap: AudioGap?
    private var space: RecordingSpace
    /// Everything before this survives a power cut.
    private(set) var durable = SamplePosition.zero
    private var coverage = WrittenCoverage()
    /// What is known of the audio changed since it was written last.
    private var isCoverageNew = false
    /// Where the timeline on the disk ends, gaps included.
    private var written = SamplePosition.zero
    /// A segment begins with the next audio.
    private var needsSegment = false
    private let rowsPerCommit: Int

    /// - Parameter rowsPerCommit: more than one for audio that can be read again.
    init(_ place: RecordingPlace, _ description: RecordingDescription, rowsPerCommit: Int) throws(StoreError) {
        let encoder = try Self.encoder(place)
        try PrivateFiles.makeFolder(place.folder)
        let lock = try WriterLock(place)
        let segment = AudioSegment(number: 0, start: .zero, device: description.device)
        // On the disk before anything that is sealed with it.
        let made = try place.vault?.makeKey(for: place.id)
        let part: RecordingPart
        do throws(StoreError) {
            part = try RecordingPart(place, part: 1, description, segment: segment, .some(made?.key, part: 1))
        } catch {
            if made?.isNew == true { _ = try? place.vault?.destroyKey(of: place.id) }
            throw error
        }
        self.place = place
        self.space = RecordingSpace(place)
        self.key = made?.key
        self.description = description
        self.encoder = encoder
        self.lock = consume lock
        self.part = part
        self.parts = 1
        self.device = description.device
        self.rowsPerCommit = min(max(1, rowsPerCommit), Self.rowLimit)
    }

    /// Goes on with a recording that is there: on the same timeline, with a segment of its own.
    init(resuming place: RecordingPlace, rowsPerCommit: Int, time: Int64) throws(StoreError) {
        let encoder = try Self.encoder(place)
        let lock = try WriterLock(place)
        let reader = try RecordingReader(place)
        let memory = try reader.memory().coverage
        let point = try ResumePoint(place)
        try place.mark(isComplete: false)
        let info = reader.info
        let number = place.numberedFiles.last?.part ?? 1
        let part = try RecordingPart(reopening: place, part: number)
        let segment = AudioSegment(number: point.segments - 1, start: point.end, device: info.description.device)
        let key = info.isSealed ? try place.vault?.key(of: info.description.id) : nil
        try part.reopen(at: point.end, segment: segment, time: time)
        self.place = place
        self.space = RecordingSpace(place)
        self.key = key
        self.description = info.description
        self.encoder = encoder
        self.lock = consume lock
        self.part = part
        self.parts = number
        self.device = info.description.device
        self.segments = point.segments
        self.cutter = RowCutter(at: point.end)
        self.durable = point.end
        self.written = point.end
        self.coverage = WrittenCoverage(memory, goingOnAt: point.end)
        self.needsSegment = true
        self.rowsPerCommit = min(max(1, rowsPerCommit), Self.rowLimit)
    }

    private static func encoder(_ place: RecordingPlace) throws(StoreError) -> FLACFrameEncoder {
        do throws(AudioError) {
            return try FLACFrameEncoder()
        } catch {
            throw StoreError(.failing, place.id, cause: error.cause)
        }
    }

    /// Takes samples. What was taken before is passed over, so after an error the same samples may be offered again; a
    /// hole before them becomes a gap.
    ///
    /// - Throws: when the disk refuses. What was taken until then is kept, and written with the next call.
    mutating func append(
        _ samples: UnsafeBufferPointer<Int16>,
        at position: SamplePosition
    ) throws(StoreError) {
        try self.makeRoom()
        self.beginSegmentIfNeeded()
        if position > self.cutter.end {
            try self.miss(AudioGap(AudioSpan(start: self.cutter.end, end: position), cause: .diskStalled))
        }
        let known = Int(clamping: max(0, self.cutter.end - position))
        var rest = samples.dropFirst(known)
        while !rest.isEmpty {
            rest = rest.dropFirst(self.cutter.append(rest))
            guard self.cutter.isFull else { break }
            try self.takeRow()
        }
        if self.batch.rows.count >= self.rowsPerCommit { try self.commit() }
    }

    /// Lets the timeline go on without audio.
    mutating func missed(_ gap: AudioGap) throws(StoreError) {
        try self.makeRoom()
        self.beginSegmentIfNeeded()
        if gap.span.start > self.cutter.end {
            try self.miss(AudioGap(AudioSpan(start: self.cutter.end, end: gap.span.start), cause: .diskStalled))
        }
        try self.miss(AudioGap(AudioSpan(start: self.cutter.end, end: gap.span.end), cause: gap.cause))
        if !self.batch.rows.isEmpty || self.cutter.start > self.durable { try self.commit() }
    }

    /// What follows comes from another device, or after an interruption.
    mutating func beginSegment(device: String?) throws(StoreError) {
        try self.makeRoom()
        if self.cutter.hasSound { try self.takeRow() }
        self.cutter.advance()
        self.device = device
        self.batch.segments.append(self.nextSegment(at: self.cutter.start))
        try self.commit()
    }

    /// The end of the timeline so far.
    var end: SamplePosition { self.cutter.end }

    /// How many facts wait for the disk.
    var waitingFacts: Int { self.batch.facts.count }

    mutating func keep(_ facts: [RecordingFact]) {
        for fact in facts {
            guard case .coverage(let machine) = fact else {
                self.batch.facts.append(fact)
                continue
            }
            self.coverage.told(machine)
            self.isCoverageNew = true
        }
    }

    /// Commits what can be committed now.
    mutating func settle() throws(StoreError) { try self.commit() }

    /// Commits all there is, a last short row included, and makes the recording one file.
    mutating func finish(time: Int64) throws(StoreError) {
        try self.makeRoom()
        if self.cutter.hasSound { try self.takeRow() }
        self.cutter.advance()
        self.coverage.finish()
        self.isCoverageNew = true
        try self.commit()
        let frames = self.cutter.end.frames
        try self.write { part throws(StoreError) in
            try part.state([("frames", SQLValue(frames)), ("audio_finished", SQLValue(time))])
        }
        do throws(StoreError) {
            try self.part?.becomeOneFile()
        } catch  where error.reason == .full {
            // Without room it stays two files, and nothing is missing in them.
            if self.space.refused() { try? self.part?.becomeOneFile() }
        }
        // Somebody may have removed it; as long as it is known, nothing is lost.
        if let key = self.key { try self.place.vault?.keep(key) }
    }

    /// Says what became of the recording, and lets go of it.
    mutating func conclude(isComplete: Bool, time: Int64) throws(StoreError) {
        try self.commit()
        try self.write { part throws(StoreError) in
            try part.state([
                ("complete", SQLValue(isComplete)), ("ended_by", .text("finish")), ("finished", SQLValue(time)),
            ])
        }
        try self.place.mark(isComplete: isComplete)
        self.part = nil
        self.space.end()
        self.lock = nil
    }

    /// What became known of the disk since the last time.
    mutating func takeNotices() -> [DiskNotice] { self.space.takeNotices() }

    /// For tests: the disk takes no more than this.
    func limit(pages: Int) throws { try self.part?.limit(pages: pages) }
}

extension RecordingJournal {
    /// What the disk refused before comes first; only when it is written is there room for more.
    private mutating func makeRoom() throws(StoreError) {
        if self.batch.rows.count >= self.rowsPerCommit || self.batch.gaps.count >= Self.gapLimit { try self.commit() }
    }

    private mutating func beginSegmentIfNeeded() {
        guard self.needsSegment else { return }
        self.needsSegment = false
        self.batch.segments.append(self.nextSegment(at: self.cutter.end))
    }

    private mutating func miss(_ gap: AudioGap) throws(StoreError) {
        var rest = min(gap.span.frames, Self.positionLimit - self.cutter.end.frames)
        guard rest > 0 else { return }
        self.enter(AudioGap(AudioSpan(start: self.cutter.end, end: self.cutter.end + rest), cause: gap.cause))
        while rest > 0 {
            rest -= self.cutter.skip(rest)
            if self.cutter.isFull { try self.takeRow() }
        }
    }

    /// A pause may come in many pieces; it is one gap.
    private mutating func enter(_ gap: AudioGap) {
        var gap = gap
        if let last = self.lastGap, last.cause == gap.cause, last.span.end == gap.span.start {
            gap.span.start = last.span.start
            if self.batch.gaps.last == last { self.batch.gaps.removeLast() }
        }
        self.batch.gaps.append(gap)
        self.lastGap = gap
        self.coverage.missed(gap.span)
    }

    private mutating func takeRow() throws(StoreError) {
        let row: AudioRow
        do throws(AudioError) {
            row = try self.cutter.withRow { samples throws(AudioError) in
                AudioRow(
                    position: self.cutter.start,
                    frames: samples.count,
                    crc: Checksum.of(samples),
                    sound: try self.encoder.encode(samples)
                )
            }
        } catch {
            throw StoreError(.failing, self.place.id, cause: error.cause)
        }
        let start = self.cutter.start
        self.cutter.withRow { self.coverage.heard($0, at: start) }
        self.batch.rows.append(row)
        self.cutter.advance()
        if self.batch.rows.count >= Self.rowLimit { try self.commit() }
    }

    /// Brings the batch to the disk. A gap that begins inside the row in the making waits for that row: a recording
    /// never says that something is missing after audio that is not there yet.
    private mutating func commit() throws(StoreError) {
        let settled = self.cutter.settled
        var now = self.batch
        now.gaps = self.batch.gaps.filter { $0.span.start < settled }
        guard !now.isEmpty || self.isCoverageNew else { return }
        let end = max(self.written, settled, now.gaps.last?.span.end ?? .zero)
        now.coverage = self.coverage.memory(upTo: end, isElsewhere: self.description.reference != nil)
        try self.write { part throws(StoreError) in try part.commit(now) }
        self.isCoverageNew = false
        self.written = end
        self.batch = RecordingBatch(gaps: self.batch.gaps.filter { $0.span.start >= settled })
        self.durable = max(self.durable, settled)
    }

    /// Does `body`, if need be in the space that is kept for a full disk.
    private mutating func write(_ body: (RecordingPart) throws(StoreError) -> Void) throws(StoreError) {
        do throws(StoreError) {
            try self.attempt(body)
        } catch  where error.reason == .full {
            guard self.space.refused() else { throw error }
            do throws(StoreError) {
                try self.attempt(body)
            } catch  where error.reason == .full {
                _ = self.space.refused()
                throw error
            }
        }
        self.space.accepted()
    }

    /// Does `body` with the file, or with the next one when this one is in doubt.
    private mutating func attempt(_ body: (RecordingPart) throws(StoreError) -> Void) throws(StoreError) {
        if let part = self.part {
            do throws(StoreError) {
                return try body(part)
            } catch {
                guard !error.isTransient else { throw error }
                self.part = nil
            }
        }
        let part = try self.nextPart()
        do throws(StoreError) {
            try body(part)
            self.part = part
        } catch {
            if error.isTransient { self.part = part }
            throw error
        }
    }

    private mutating func nextPart() throws(StoreError) -> RecordingPart {
        // One that was made and could not be opened again stays as it is.
        while self.parts < RecordingPlace.partLimit, self.place.has(part: self.parts + 1) { self.parts += 1 }
        guard self.parts < RecordingPlace.partLimit else { throw StoreError(.failing, self.place.id, cause: "parts") }
        let segment = self.nextSegment(at: self.batch.rows.first?.position ?? self.cutter.start)
        let number = self.parts + 1
        let seal = RowSeal.some(self.key, part: number)
        let part = try RecordingPart(self.place, part: number, self.description, segment: segment, seal)
        self.parts = number
        return part
    }

    private mutating func nextSegment(at start: SamplePosition) -> AudioSegment {
        defer { self.segments += 1 }
        return AudioSegment(number: self.segments, start: start, device: self.device)
    }
}
