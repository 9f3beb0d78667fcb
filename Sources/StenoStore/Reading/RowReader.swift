import GRDB
import StenoAudio
import StenoCore

/// Reads samples out of the files of one recording, also while they are written.
///
/// Not `Sendable`: one thread at a time.
final class RowReader {
    /// A second of decoded audio: a session reads in pieces that are shorter than a row, and goes back a little.
    private static let cacheLimit = 4

    /// What is stored for a stretch of the timeline.
    struct Piece {
        enum Content: Equatable {
            case sound([Int16])
            case damaged
            /// There is a row, whose key is not here.
            case locked
            /// No row.
            case nothing
        }

        let span: AudioSpan
        let content: Content
    }

    private let place: RecordingPlace
    /// The last part first: it begins with what the earlier ones could not keep any more.
    private let files: [(queue: DatabaseQueue, seal: RowSeal)]
    private let decoder: FLACFrameDecoder
    private var cache: [Piece] = []

    /// - Parameters:
    ///   - key: that of the recording, from whoever writes it: it works as well when its file was removed meanwhile.
    ///   - needsKey: without, it can also tell which rows there are of a recording whose key is not here.
    /// - Throws: why it cannot be opened.
    init(_ place: RecordingPlace, key: RecordingKey? = nil, needsKey: Bool = true) throws(StoreError) {
        self.place = place
        var files: [(DatabaseQueue, RowSeal)] = []
        for (part, path) in place.numberedFiles.reversed() {
            let file = try Connection.reader(path, name: place.id)
            do {
                let seal = try file.inDatabase { try RowSeal.of($0, in: place, part: part, key: key) }
                files.append((file, needsKey ? try seal.unlocked() : seal))
            } catch {
                throw StoreError(error, place.id)
            }
        }
        guard !files.isEmpty else { throw StoreError(.unknown, place.id) }
        self.files = files
        do throws(AudioError) {
            self.decoder = try FLACFrameDecoder()
        } catch {
            throw StoreError(.failing, place.id, cause: error.cause)
        }
    }

    /// Why rows cannot be opened; `nil` when they can.
    var trouble: StoreError? { self.files.lazy.compactMap(\.seal.trouble).first }

    /// What there is of `[position, end)`, at most `count` samples, with zeros where nothing is stored or where it is
    /// damaged; and which of them are damaged.
    func read(
        at position: SamplePosition,
        before end: SamplePosition,
        count: Int
    ) throws(StoreError) -> (samples: [Int16], damaged: [AudioSpan]) {
        guard position >= .zero, position < end, count > 0 else { return ([], []) }
        let end = SamplePosition(frames: min(end.frames, position.frames + Int64(count)))
        var samples: [Int16] = []
        samples.reserveCapacity(Int(end - position))
        var damaged: [AudioSpan] = []
        var place = position
        while place < end {
            let piece = try self.piece(at: place)
            let span = AudioSpan(start: place, end: min(end, piece.span.end))
            switch piece.content {
            case .sound(let row): samples += row[Int(place - piece.span.start)...].prefix(Int(span.frames))
            case .damaged:
                samples += repeatElement(0, count: Int(span.frames))
                damaged.append(span)
            case .nothing, .locked: samples += repeatElement(0, count: Int(span.frames))
            }
            place = span.end
        }
        return (samples, damaged)
    }

    /// The stretch that `position` is in.
    func piece(at position: SamplePosition) throws(StoreError) -> Piece {
        if let piece = self.cache.last(where: { $0.span.contains(position) }) { return piece }
        let piece = try self.load(position)
        // What is not there may come, and costs no decoding.
        guard piece.content != .nothing else { return piece }
        if self.cache.count == Self.cacheLimit { self.cache.removeFirst() }
        self.cache.append(piece)
        return piece
    }

    private func load(_ position: SamplePosition) throws(StoreError) -> Piece {
        var next: SamplePosition?
        var damaged: Piece?
        for file in self.files {
            do {
                let row = try file.queue.inDatabase { database in
                    try self.row(at: position, in: database, file.seal, next: &next)
                }
                guard let piece = row else { continue }
                guard piece.content == .damaged else { return piece }
                damaged = piece
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                let row = AudioSpan(start: position, end: position + Int64(RowCutter.rowFrames))
                damaged = Piece(span: row, content: .damaged)
            } catch {
                throw StoreError(error, self.place.id)
            }
        }
        if let damaged { return damaged }
        let far = position + (Int64(1) << 52)
        return Piece(span: AudioSpan(start: position, end: next ?? far), content: .nothing)
    }

    /// The row that `position` is in; `nil` without one, and then `next` is at most where the next row begins.
    private func row(
        at position: SamplePosition,
        in database: Database,
        _ seal: RowSeal,
        next: inout SamplePosition?
    ) throws -> Piece? {
        let found = try database.first(
            "SELECT position, frames, crc, sound, segment FROM audio WHERE position <= ? AND position > ? ORDER BY position DESC LIMIT 1",
            SQLValue(position.frames),
            SQLValue(position.frames - Int64(RowCutter.rowFrames))
        ) { self.decode($0, seal) }
        if let found, found.span.contains(position) { return found }
        let later = try database.first(
            "SELECT position FROM audio WHERE position > ? ORDER BY position LIMIT 1",
            SQLValue(position.frames)
        ) { SamplePosition(frames: $0.integer(0)) }
        if let later { next = min(next ?? later, later) }
        return nil
    }

    private func decode(_ row: SQLRow, _ seal: RowSeal) -> Piece {
        let start = SamplePosition(frames: row.integer(0))
        // The number of frames comes from a disk too.
        let frames = min(max(1, row.integer(1)), Int64(RowCutter.rowFrames))
        let span = AudioSpan(start: start, end: start + frames)
        // No row goes beyond a multiple of 4,000: one that does stands where it was not written.
        guard row.integer(1) == frames, start.frames % Int64(RowCutter.rowFrames) + frames <= RowCutter.rowFrames else {
            return Piece(span: span, content: .damaged)
        }
        guard seal.trouble == nil else { return Piece(span: span, content: .locked) }
        let identity = RowIdentity.audio(segment: row.integer(4), position: start.frames, frames: frames)
        let samples = row.withBytes(3) { sound in
            SoundRow.withSound(sound, crc: row.integer(2), as: identity, seal) { crc, sound -> [Int16]? in
                guard let samples = self.decoder.decode(sound), samples.count == Int(frames),
                    samples.withUnsafeBufferPointer({ Int64(Checksum.of($0)) }) == crc
                else { return nil }
                return samples
            }
        }
        guard let samples, let samples else { return Piece(span: span, content: .damaged) }
        return Piece(span: span, content: .sound(samples))
    }
}
