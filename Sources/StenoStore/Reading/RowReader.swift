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
            /// No row.
            case nothing
        }

        let span: AudioSpan
        let content: Content
    }

    private let place: RecordingPlace
    /// The last part first: it begins with what the earlier ones could not keep any more.
    private let files: [DatabaseQueue]
    private let decoder: FLACFrameDecoder
    private var cache: [Piece] = []

    init(_ place: RecordingPlace) throws(StoreError) {
        self.place = place
        var files: [DatabaseQueue] = []
        for path in place.files.reversed() { files.append(try Connection.reader(path, name: place.id)) }
        guard !files.isEmpty else { throw StoreError(.unknown, place.id) }
        self.files = files
        do throws(AudioError) {
            self.decoder = try FLACFrameDecoder()
        } catch {
            throw StoreError(.failing, place.id, cause: error.cause)
        }
    }

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
            case .nothing: samples += repeatElement(0, count: Int(span.frames))
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
                guard let piece = try file.inDatabase({ try self.row(at: position, in: $0, next: &next) }) else {
                    continue
                }
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
        next: inout SamplePosition?
    ) throws -> Piece? {
        let found = try database.first(
            "SELECT position, frames, crc, sound FROM audio WHERE position <= ? AND position > ? ORDER BY position DESC LIMIT 1",
            SQLValue(position.frames),
            SQLValue(position.frames - Int64(RowCutter.rowFrames))
        ) { self.decode($0) }
        if let found, found.span.contains(position) { return found }
        let later = try database.first(
            "SELECT position FROM audio WHERE position > ? ORDER BY position LIMIT 1",
            SQLValue(position.frames)
        ) { SamplePosition(frames: $0.integer(0)) }
        if let later { next = min(next ?? later, later) }
        return nil
    }

    private func decode(_ row: SQLRow) -> Piece {
        let start = SamplePosition(frames: row.integer(0))
        // The number of frames comes from a disk too.
        let frames = min(max(1, row.integer(1)), Int64(RowCutter.rowFrames))
        let span = AudioSpan(start: start, end: start + frames)
        let samples = row.withBytes(3) { self.decoder.decode($0) }
        guard let samples, samples.count == Int(frames), row.integer(1) == frames,
            samples.withUnsafeBufferPointer({ Int64(Checksum.of($0)) }) == row.integer(2)
        else { return Piece(span: span, content: .damaged) }
        return Piece(span: span, content: .sound(samples))
    }
}
