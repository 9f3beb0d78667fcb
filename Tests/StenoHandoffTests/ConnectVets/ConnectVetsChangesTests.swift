import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("ConnectVets: export, reprocessing and sections")
struct ConnectVetsChangesTests {
    private static let note = """
        {"data":{"id":"n","transcription_status":"completed","note_sections":[
        {"id":"s2","title":"Plan","label":"treatment","content":"Rest.","order":"2"},
        {"id":"s1","title":"Anamnese","label":"anamnesis","content":"Limps.","order":"1"},
        {"title":"Extra","label":"extra","content":"","order":"3"}]}}
        """

    private static func status(_ text: String) -> LoopbackAnswer {
        .json(#"{"data":{"status":"\#(text)","valid":true}}"#)
    }

    // MARK: - Export

    @Test("A completed note is exported as the service writes it, also out of a JSON string")
    func export() async throws {
        for answer in [LoopbackAnswer.json(#""Nota\nRest.""#), LoopbackAnswer.reply(status: 200, body: "Nota\nRest.")] {
            try await ConnectVetsFixture.run({ request in
                request.target.contains("/status") ? Self.status("completed") : answer
            }) { fixture in
                let bytes = try await fixture.client.export("n/1", as: .txt)
                #expect(String(decoding: bytes, as: UTF8.self) == "Nota\nRest.")
                #expect(fixture.server.requests.last?.target == "/notes/v1/notes/n%2F1/export?format=txt")
            }
        }
    }

    @Test("A note that is not completed is not asked for", arguments: ["pending", "processing", "failed", "analyzing"])
    func early(state: String) async throws {
        try await ConnectVetsFixture.run({ _ in Self.status(state) }) { fixture in
            await expectError(.rejected) { _ = try await fixture.client.export("n", as: .rtf) }
            #expect(fixture.server.requests.count == 1)
        }
    }

    // MARK: - Reprocessing

    @Test("A failed note is processed again, by the one route that the service has")
    func retry() async throws {
        for missing in [0, 404, 405] {
            try await ConnectVetsFixture.run({ request in
                if request.target.hasSuffix("/status") { return Self.status("failed") }
                if request.target.hasSuffix("/transcripts/retry"), missing != 0 {
                    return .json(#"{"error":"not_found"}"#, status: missing)
                }
                return .json(#"{"data":{"id":"n"}}"#)
            }) { fixture in
                let outcome = try await fixture.client.retry("n")
                #expect(outcome == .accepted)
                let last = try #require(fixture.server.requests.last)
                #expect(last.target.hasSuffix(missing == 0 ? "/transcripts/retry" : "/notes/n/retry"))
                #expect(String(decoding: last.body, as: UTF8.self) == (missing == 0 ? #"{"note_id":"n"}"# : "{}"))
            }
        }
    }

    @Test("A note that is not there is not looked for on the other route, and one that runs is not asked again")
    func retryRefused() async throws {
        try await ConnectVetsFixture.run({ request in
            request.target.hasSuffix("/status")
                ? Self.status("failed") : .json(#"{"code":"NOTE_NOT_FOUND"}"#, status: 404)
        }) { fixture in
            await expectError(.rejected) { _ = try await fixture.client.retry("n") }
            #expect(fixture.server.requests.count == 2)
        }
        try await ConnectVetsFixture.run({ _ in Self.status("processing") }) { fixture in
            let running = try await fixture.client.retry("n")
            #expect(running == .running)
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("What did not fail is processed again only when that was asked for")
    func force() async throws {
        try await ConnectVetsFixture.run({ request in
            request.target.hasSuffix("/status") ? Self.status("completed") : .json("{}")
        }) { fixture in
            await expectError(.rejected) { _ = try await fixture.client.retry("n") }
            let forced = try await fixture.client.retry("n", isAnyState: true)
            #expect(forced == .accepted)
        }
    }

    // MARK: - Sections

    @Test(
        "A section is read, compared, written with all four fields, and read back",
        arguments: ["s1", "ANAMNESE", "anamnesis"]
    )
    func update(name: String) async throws {
        try await ConnectVetsFixture.run({ request in
            if request.method == "PATCH" { return .json("{}") }
            return .json(request.number > 1 ? Self.note.replacing("Limps.", with: "New.") : Self.note)
        }) { fixture in
            guard
                case .written(let section) = try await fixture.client.update(name, of: "n", to: "New.", seen: "Limps.")
            else {
                Issue.record("it was not written")
                return
            }
            #expect(section.content == "New.")
            let patch = try #require(fixture.server.requests.first { $0.method == "PATCH" })
            #expect(patch.target == "/notes/v1/note_sections?section_id=s1")
            let body = String(decoding: patch.body, as: UTF8.self)
            #expect(body == #"{"title":"Anamnese","content":"New.","order":"1","label":"anamnesis"}"#)
        }
    }

    @Test(
        "Nothing is written over what somebody else wrote meanwhile, nor where it cannot be told which section is meant"
    )
    func rivals() async throws {
        try await ConnectVetsFixture.run({ _ in .json(Self.note) }) { fixture in
            let rival = try await fixture.client.update("s1", of: "n", to: "New.", seen: "Old.")
            guard case .changedBefore(let section) = rival else {
                Issue.record("\(rival)")
                return
            }
            #expect(section.content == "Limps.")
            let nowhere = try await fixture.client.update("nowhere", of: "n", to: "New.")
            #expect(nowhere == .noSection)
            guard case .readOnly = try await fixture.client.update("extra", of: "n", to: "New.") else {
                Issue.record("a section without an id was written")
                return
            }
            #expect(fixture.server.requests.allSatisfy { $0.method == "GET" })
        }
    }

    // MARK: - Filters

    @Test("Filters reach the service with a day more on both sides, and hold for what comes back")
    func filters() async throws {
        let rows = """
            {"data":[{"id":"a","created_at":"2026-03-01T10:00:00Z","transcription_status":"completed","name":"Bella"},
            {"id":"b","created_at":"2026-02-28T10:00:00Z","transcription_status":"completed","name":"Bella B"},
            {"id":"c","created_at":"2026-03-02T10:00:00Z","transcription_status":"failed","name":"Bella"},
            {"id":"d","created_at":"2026-03-02T09:00:00Z","transcription_status":"completed","name":"Max"}],
            "meta":{"total_pages":1}}
            """
        try await ConnectVetsFixture.run({ _ in .json(rows) }) { fixture in
            let filter = NoteFilter(status: .completed, name: "bella", from: "2026-03-01", to: "2026-12-31")
            let found = try await fixture.client.notes(filter).notes.map(\.id)
            #expect(found == ["a"])
            let target = try #require(fixture.server.requests.first?.target)
            #expect(target.hasSuffix("&transcription_status=completed&name=bella&from=2026-02-28&to=2027-01-01"))
            let newest = try await fixture.client.notes(NoteFilter(), limit: 2)
            #expect(newest.notes.map(\.id) == ["c", "d"])
            #expect(newest.hasMore && !newest.isCutShort)
        }
    }

    @Test("Days are days of the calendar", arguments: ["2024-02-29", "2026-12-31", "0001-01-01"])
    func days(day: String) {
        #expect(CalendarDay.isDay(day))
        #expect(!CalendarDay.isDay("2026-02-29"))
        #expect(!CalendarDay.isDay("2026-13-01"))
        #expect(!CalendarDay.isDay("20260101"))
    }
}
