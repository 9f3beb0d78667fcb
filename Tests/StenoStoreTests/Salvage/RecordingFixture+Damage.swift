import GRDB
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// Recordings with damaged pages.
extension RecordingFixture {
    static let salvageFrames: Int64 = 400_000

    /// Sealed, with three utterances and 25 s of noise, and finished.
    func forSalvage(_ id: String = RecordingFixture.id) throws -> RecordingPlace {
        let writer = try self.sealedWriter(id)
        self.speak(into: writer)
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: Self.salvageFrames))
        for utterance in RecordingFixture.spoken { machine.confirmed(utterance.span) }
        writer.keep(.coverage(machine))
        try writer.append(Signal.indexed(0..<Self.salvageFrames), at: .zero)
        try writer.conclude(isComplete: true)
        return writer.place
    }

    /// Overwrites the page that a table begins with, which of a small one is all of it.
    @discardableResult
    func damage(_ table: String, of place: RecordingPlace) throws -> [UInt8] {
        let page = try DatabaseQueue(path: place.file(part: 1)).inDatabase { database in
            try database.first("SELECT rootpage FROM sqlite_master WHERE name = ?", .text(table)) { $0.integer(0) }
        }
        return try self.overwrite(place, page: Int(try #require(page)))
    }

    @discardableResult
    func overwrite(_ place: RecordingPlace, page: Int) throws -> [UInt8] {
        var bytes = self.folder.read("recordings/\(place.id)/recording.sqlite")
        for index in (page - 1) * 4_096..<page * 4_096 { bytes[index] = 0xA5 }
        _ = self.folder.write(bytes, to: "recordings/\(place.id)/recording.sqlite")
        return bytes
    }

    /// The pages that rows of audio stand on, in order.
    func leaves(_ path: String) throws -> [Int] {
        try DatabaseQueue(path: path).inDatabase { database in
            var pages: [Int] = []
            let leaves = "SELECT pageno FROM dbstat WHERE name = 'audio' AND pagetype = 'leaf' ORDER BY path"
            try database.rows(leaves) { row in
                pages.append(Int(row.integer(0)))
                return true
            }
            return pages
        }
    }
}
