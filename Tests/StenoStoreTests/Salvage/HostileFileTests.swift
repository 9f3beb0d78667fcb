import GRDB
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Salvaging a hostile file")
struct HostileFileTests {
    private static let frames = RecordingFixture.salvageFrames
    private let fixture = RecordingFixture()

    @Test("Nothing that stands in the file as a statement is run")
    func hostile() throws {
        let changes = [
            "CREATE VIEW \"a'b\"\"; DROP TABLE audio; --\" AS SELECT load_extension('x') FROM audio",
            "CREATE TABLE \"; DROP TABLE audio\" (y, x GENERATED ALWAYS AS (hex(zeroblob(100000000))))",
            "CREATE INDEX i ON events (abs(time))",
            "INSERT INTO meta (key, value) VALUES ('huge', zeroblob(70000000))",
            "INSERT INTO audio (position, segment, frames, crc, sound) VALUES (9223372036854775807, 'x', -1, 0.5, 'y')",
            "CREATE TRIGGER t AFTER INSERT ON audio BEGIN DELETE FROM audio; END",
        ]
        let place = try self.fixture.forSalvage()
        for change in changes { try self.fixture.change(place, change) }
        try self.fixture.damage("gaps", of: place)
        let info = try self.fixture.library.recover(place)
        #expect(info.salvage?.isDamaged("audio") == true && info.end.frames == Self.frames)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<Self.frames))
        let others = try DatabaseQueue(path: place.file(part: 1)).inDatabase { database in
            let others = "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger') OR sql LIKE '%DROP%'"
            return try database.first(others) { $0.integer(0) }
        }
        #expect(others == 0)
    }

    @Test("A view in the place of a table is not looked through")
    func view() throws {
        let place = try self.fixture.forSalvage()
        try self.fixture.change(place, "DROP TABLE events")
        try self.fixture.change(
            place,
            """
            CREATE VIEW events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
            SELECT i AS number, i AS position, i AS time, 'x' AS kind, NULL AS detail FROM n
            """
        )
        try self.fixture.damage("gaps", of: place)
        let info = try self.fixture.library.recover(place)
        #expect(info.salvage?.isDamaged("events") == true && info.end.frames == Self.frames)
    }

    @Test("What a newer program made is left alone, damaged or not")
    func newer() throws {
        let place = try self.fixture.forSalvage()
        try self.fixture.change(place, "UPDATE meta SET value = 99 WHERE key = 'schema'")
        let bytes = try self.fixture.damage("gaps", of: place)
        #expect(throws: StoreError(.newer(schema: 99), place.id)) { try self.fixture.library.recover(place) }
        #expect(self.fixture.folder.read("recordings/\(place.id)/recording.sqlite") == bytes)
        #expect(TemporaryFolder.names(in: place.folder).allSatisfy { !$0.contains(".bad") })
    }

    @Test("What another program made is left alone, damaged or not")
    func foreign() throws {
        let place = try self.fixture.forSalvage()
        try self.fixture.change(place, "PRAGMA application_id = 7")
        let bytes = try self.fixture.damage("audio", of: place)
        #expect(throws: StoreError(.notARecording, place.id)) { try self.fixture.library.recover(place) }
        #expect(self.fixture.folder.read("recordings/\(place.id)/recording.sqlite") == bytes)
        #expect(TemporaryFolder.names(in: place.folder).allSatisfy { !$0.contains(".bad") })
    }
}
