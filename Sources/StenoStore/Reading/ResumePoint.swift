import GRDB
import StenoCore

/// Where a recording goes on.
struct ResumePoint {
    /// Segments that it has already.
    var segments = 0
    /// The end of what is written here; what a recording only refers to is not.
    var end = SamplePosition.zero

    init(_ place: RecordingPlace) throws(StoreError) {
        for path in place.files {
            let file = try Connection.reader(path, name: place.id)
            do {
                try file.inDatabase { try self.add($0) }
            } catch {
                throw StoreError(error, place.id)
            }
        }
    }

    private mutating func add(_ database: Database) throws {
        let last = try database.first("SELECT max(number) FROM segments") { $0.integer(0) } ?? 0
        // A number comes from a disk too.
        self.segments = max(self.segments, Int(clamping: min(max(0, last), RecordingJournal.positionLimit)) + 1)
        self.end = max(self.end, try RecordingInfo.writtenEnd(of: database))
    }
}
