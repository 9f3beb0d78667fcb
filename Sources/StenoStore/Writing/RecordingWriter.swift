package import StenoAudio
package import StenoCore
import Synchronization

/// Writes one recording: audio as it comes, and beside it whatever becomes known about it.
///
/// | call | thread | what it does |
/// | --- | --- | --- |
/// | `append`, `missed` | the recorder's | at most one commit for each full row of 250 ms; waits for the disk |
/// | `keep` | any | never waits; written with the next commit |
/// | `read`, `durable` | any | what is on the disk; its own connection |
/// | `finish` | the recorder's | the audio is whole, and the recording is one file |
/// | `conclude` | any that may wait | what became of it; afterwards the recording is nobody's |
///
/// **Loss.** Whatever happens to process or machine, what comes before `durable` is there afterwards. `durable` is at
/// most 250 ms, one period and the commit in progress behind what was appended.
///
/// **A disk that refuses.** Full: the recording goes on in the space that was kept for this, at least 3 minutes. When
/// that is used up the call throws, everything taken so far is kept in memory (at most 10 s), and the next call tries
/// again. `observeDisk` says all of that, and warns before. Any other error: the file is never touched again, and the recording goes on in another one
/// inside the same folder, beginning with the rows that were not yet safe; the call throws only when that fails too.
/// After an error the same samples may be offered again.
package final class RecordingWriter: RecordingSink {
    /// Facts that wait at most; after that `keep` refuses.
    package static let factLimit = 16_384

    package let place: RecordingPlace
    private let clock: @Sendable () -> Int64
    /// So that what is written can be read again even when somebody removes its file; `nil`: it is not sealed.
    private let key: RecordingKey?
    private let journal: Mutex<RecordingJournal>
    private let inbox = Mutex(FactInbox())
    private let reader = Mutex(ReaderSlot())
    private let disk = DiskObserver()
    private let durableFrames = Atomic<Int64>(0)
    private let partCount: Atomic<Int>
    private let isFinished = Atomic<Bool>(false)
    /// The end of the timeline, once nothing more will be written; -1 before.
    private let finalFrames = Atomic<Int64>(-1)

    /// Makes the recording `description.id` in the folder of recordings, which is made too when it is not there.
    ///
    /// - Parameters:
    ///   - vault: the keys that it is sealed with; `nil` leaves it unsealed.
    ///   - rowsPerCommit: more than one, at most 40, for audio that can be read again: a crash then costs so many rows.
    ///   - clock: milliseconds since 1970.
    /// - Throws: `exists`, `inUse` with the process that writes it, what is wrong with the keys, or why the disk refuses.
    package init(
        _ description: RecordingDescription,
        in recordings: String,
        vault: RecordingVault? = nil,
        commitEvery rowsPerCommit: Int = 1,
        clock: @escaping @Sendable () -> Int64 = WallClock.now
    ) throws(StoreError) {
        let place = try RecordingPlace(id: description.id, in: recordings, vault: vault)
        self.place = place
        self.clock = clock
        let journal = try RecordingJournal(place, description, rowsPerCommit: rowsPerCommit)
        self.key = journal.key
        self.journal = Mutex(journal)
        self.partCount = Atomic(1)
        self.disk.tell(self.journal.withLock { $0.takeNotices() })
    }

    /// Goes on with a recording that is there, finished or left by its writer. Audio that is appended continues its
    /// timeline; what is kept replaces what it says already. From now on it is unfinished, until it is concluded.
    ///
    /// - Throws: `inUse` with the process that writes it, `newer`, what is wrong with the keys, or why the disk refuses.
    package init(
        resuming place: RecordingPlace,
        commitEvery rowsPerCommit: Int = 1,
        clock: @escaping @Sendable () -> Int64 = WallClock.now
    ) throws(StoreError) {
        let journal = try RecordingJournal(resuming: place, rowsPerCommit: rowsPerCommit, time: clock())
        self.place = place
        self.clock = clock
        self.key = journal.key
        self.partCount = Atomic(journal.parts)
        self.durableFrames.store(journal.durable.frames, ordering: .releasing)
        self.journal = Mutex(journal)
    }

    /// Says what a person should know of the disk, on the thread that writes, outside every lock. One observer.
    package func observeDisk(_ tell: @escaping @Sendable (DiskNotice) -> Void) { self.disk.observe(tell) }

    package var durable: SamplePosition { SamplePosition(frames: self.durableFrames.load(ordering: .acquiring)) }

    /// How many files the recording has: more than one when the disk failed.
    package var parts: Int { self.partCount.load(ordering: .acquiring) }

    package func append(
        _ samples: UnsafeBufferPointer<Int16>,
        at position: SamplePosition
    ) throws(AudioError) {
        try self.write { journal throws(StoreError) in try journal.append(samples, at: position) }
    }

    package func missed(_ gap: AudioGap) throws(AudioError) {
        try self.write { journal throws(StoreError) in try journal.missed(gap) }
    }

    /// What follows comes from another device.
    package func deviceChanged(to device: String) throws(AudioError) {
        try self.write { journal throws(StoreError) in try journal.beginSegment(device: device) }
    }

    package func finish() throws(AudioError) {
        // The recording becomes one file only when nobody reads it.
        let time = self.clock()
        self.isFinished.store(true, ordering: .releasing)
        self.reader.withLock { $0.close() }
        try self.write { journal throws(StoreError) in
            defer { self.finalFrames.store(journal.end.frames, ordering: .releasing) }
            try journal.finish(time: time)
        }
    }

    /// Keeps something beside the audio.
    ///
    /// - Returns: `false` when too much is waiting for the disk already; then it is not kept.
    @discardableResult
    package func keep(_ fact: RecordingFact) -> Bool {
        self.inbox.withLock { $0.add(fact) }
    }

    /// Commits what `keep` was given, for a time in which no audio comes.
    package func settle() throws(AudioError) {
        try self.write { journal throws(StoreError) in try journal.settle() }
    }

    /// The last call: every fact is written, and others may have the recording. Finishes first if that was not done.
    ///
    /// - Parameter isComplete: all that was asked for is done; only such a recording is ever removed by age.
    package func conclude(isComplete: Bool) throws(AudioError) {
        if !self.isFinished.load(ordering: .acquiring) { try self.finish() }
        self.reader.withLock { $0.close() }
        let time = self.clock()
        try self.write { journal throws(StoreError) in try journal.conclude(isComplete: isComplete, time: time) }
    }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let final = self.finalFrames.load(ordering: .acquiring)
        let end = self.durable
        guard position < end || position.frames >= final else {
            // Taken, and then the disk refused the end: it will never be there, and whoever waits should know.
            throw AudioError(.readFailed, path: self.place.id, cause: "not written")
        }
        guard position < end else { return 0 }
        let parts = self.parts
        let count = buffer.count
        do throws(StoreError) {
            let samples = try self.reader.withLock { reader throws(StoreError) in
                defer { if self.isFinished.load(ordering: .acquiring) { reader.close() } }
                return try reader.read(self.place, self.key, parts: parts, at: position, before: end, count: count)
            }
            return buffer.update(fromContentsOf: samples)
        } catch {
            throw AudioError(.readFailed, path: self.place.id, cause: error.cause)
        }
    }

    /// The end of what was taken so far, durable or not.
    var end: SamplePosition { self.journal.withLock { $0.end } }

    /// For tests: the disk takes no more than this.
    func limit(pages: Int) throws { try self.journal.withLock { try $0.limit(pages: pages) } }

    private func write(
        _ body: (inout RecordingJournal) throws(StoreError) -> Void
    ) throws(AudioError) {
        var notices: [DiskNotice] = []
        defer { self.disk.tell(notices) }
        do throws(StoreError) {
            try self.journal.withLock { journal throws(StoreError) in
                journal.keep(self.inbox.withLock { $0.take(atMost: Self.factLimit - journal.waitingFacts) })
                defer {
                    self.durableFrames.store(journal.durable.frames, ordering: .releasing)
                    self.partCount.store(journal.parts, ordering: .releasing)
                    notices = journal.takeNotices()
                }
                try body(&journal)
            }
        } catch {
            throw AudioError(.storage(folder: self.place.folder), path: self.place.id, cause: error.cause)
        }
    }
}

/// The connection that `read` uses: opened when it is needed, and again when the recording has gone on in another file.
private struct ReaderSlot {
    private var rows: RowReader?
    private var parts = 0

    mutating func close() { self.rows = nil }

    mutating func read(
        _ place: RecordingPlace,
        _ key: RecordingKey?,
        parts: Int,
        at position: SamplePosition,
        before end: SamplePosition,
        count: Int
    ) throws(StoreError) -> [Int16] {
        if self.rows == nil || self.parts != parts {
            self.rows = try RowReader(place, key: key)
            self.parts = parts
        }
        guard let rows = self.rows else { return [] }
        let result = try rows.read(at: position, before: end, count: count)
        guard result.damaged.isEmpty else { throw StoreError(.failing, place.id, cause: "damaged row") }
        return result.samples
    }
}
