import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("ConnectVets: reading")
struct ConnectVetsReadingTests {
    @Test(
        "Every mixture of shapes gives the same note",
        arguments: ["data", "bare", "status", "message"],
        [
            #"[{"key":"a","value":"b"},{"key":"steno_delivery","value":"u"}]"#, #"{"a":"b","steno_delivery":"u"}"#,
            #""[{\"key\":\"a\",\"value\":\"b\"},{\"key\":\"steno_delivery\",\"value\":\"u\"}]""#,
            #""{\"a\":\"b\",\"steno_delivery\":\"u\"}""#,
        ]
    )
    func shapes(envelope: String, metadata: String) async throws {
        for (label, status, sections) in [
            ("label", "transcription_status", "note_sections"), ("type", "status", "sections"),
        ] {
            let note = #"""
                {"id":"n/1","name":"Rex","gender":"male","\#(status)":"completed","external_id":"e",
                "metadata":\#(metadata),
                "created_at":"2026-01-01T00:00:00Z","transcription_url":"https://cdn/canary","later":[1,{}],
                "\#(sections)":[{"id":"s2","title":"Plan","\#(label)":"tratamento","content":"B","order":"10"},
                {"title":"First","\#(label)":"anamnesis","content":"A","order":2},
                {"id":"s3","title":"None","content":"C","order":"x"}, "odd", null]}
                """#
            let body =
                switch envelope {
                case "data": #"{"data":\#(note),"meta":{}}"#
                case "status": #"{"data":\#(note),"status":"success"}"#
                case "message": #"{"data":\#(note),"message":"fine"}"#
                default: note
                }
            try await ConnectVetsFixture.run({ _ in .json(body) }) { fixture in
                let read = try await fixture.client.note("n/1")
                #expect(fixture.server.requests.first?.target == "/notes/v1/notes/n%2F1")
                #expect(read.id == "n/1")
                #expect(read.status == .completed)
                #expect(read.externalID == "e")
                #expect(read.delivery == "u")
                #expect(read.metadata?.count == 2)
                #expect(read.sections.map(\.title) == ["First", "Plan", "None"])
                #expect(read.sections.map(\.label) == ["anamnesis", "tratamento", ""])
                #expect(read.sections.map(\.id) == [nil, "s2", "s3"])
                #expect(read.plainText == "First\nA\n\nPlan\nB\n\nNone\nC")
                #expect(!"\(read)".contains("canary"))
            }
        }
    }

    @Test(
        "Only the id is required",
        arguments: [#"{"id":7}"#, #"{"data":{"id":"7","metadata":null,"note_sections":null}}"#]
    )
    func slim(body: String) async throws {
        try await ConnectVetsFixture.run({ _ in .json(body) }) { fixture in
            let note = try await fixture.client.note("7")
            #expect(note.id == "7")
            #expect(note.status == .unknown)
            #expect(note.metadata == nil)
            #expect(note.sections.isEmpty)
        }
    }

    @Test(
        "What is no note is tried five times and then reported",
        arguments: ["", "null", "[]", "{}", #"{"data":{}}"#, "<html>", #"{"data":{"id":"#]
    )
    func unreadable(body: String) async throws {
        try await ConnectVetsFixture.run({ _ in .json(body) }) { fixture in
            await expectError(.unavailable) { _ = try await fixture.client.note("7") }
        }
    }

    @Test("Reads are repeated after 2, 4, 8 and 16 seconds, and no longer")
    func retries() async throws {
        try await ConnectVetsFixture.run({ _ in .reply(status: 503) }) { fixture in
            await expectError(.unavailable) { _ = try await fixture.client.note("7") }
            #expect(fixture.time.sleeps == [.seconds(2), .seconds(4), .seconds(8), .seconds(16)])
            #expect(fixture.server.requests.count == 5)
        }
        try await ConnectVetsFixture.run({ $0.number < 3 ? .close : .json(#"{"id":"7"}"#) }) { fixture in
            let note = try await fixture.client.note("7")
            #expect(note.id == "7")
        }
    }

    @Test("Permanent refusals are not repeated", arguments: [400, 401, 402, 403, 404, 405, 422, 301])
    func permanent(status: Int) async throws {
        try await ConnectVetsFixture.run({ _ in .reply(status: status) }) { fixture in
            await #expect(throws: ServiceError.self) { try await fixture.client.note("7") }
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test("A note that is not there is told from an address that is not")
    func notFound() async throws {
        try await ConnectVetsFixture.run({ _ in .json(#"{"code":"NOTE_NOT_FOUND"}"#, status: 404) }) { fixture in
            await expectError(.rejected) { _ = try await fixture.client.note("7") }
        }
        // Without a word of the service the call decides: a path that names a note, or one that names none.
        try await ConnectVetsFixture.run({ _ in .json(#"{"error":"nope"}"#, status: 404) }) { fixture in
            await expectError(.rejected) { _ = try await fixture.client.note("7") }
            await expectError(.misconfigured) { _ = try await fixture.client.notes(NoteFilter()) }
        }
    }

    @Test(
        "The delay of a 429 is the first one named in five places, else 30 s, within 1 and 120 s",
        arguments: [
            ([("Retry-After", "5"), ("X-RateLimit-Reset-Minute", "784111797")], #"{"retry_after":9}"#, 5),
            ([("Retry-After", "Sun, 06 Nov 1994 08:50:00 GMT")], "{}", 23),
            ([], #"{"retry_after":9}"#, 9), ([], #"{"error":{"retry_after":"9"}}"#, 9),
            ([], #"{"details":{"reset_at":"1994-11-06T08:49:47Z"}}"#, 10),
            ([], #"{"details":{"reset_at":784111800}}"#, 23),
            ([("X-RateLimit-Reset-Minute", "784111797")], "", 20), ([("X-RateLimit-Reset", "784111787")], "", 10),
            ([("Retry-After", "soon")], "<html>", 30), ([], "", 30), ([("Retry-After", "0")], "", 1),
            ([("Retry-After", "9999")], "", 120), ([], #"{"retry_after":-5}"#, 1), ([], #"{"retry_after":1e300}"#, 120),
        ]
    )
    func throttled(row: (headers: [(String, String)], body: String, seconds: Int64)) async throws {
        try await ConnectVetsFixture.run({ request in
            request.number == 1
                ? .reply(status: 429, headers: row.headers, body: row.body) : .json(#"{"id":"7"}"#)
        }) { fixture in
            _ = try await fixture.client.note("7")
            #expect(fixture.time.sleeps == [.seconds(row.seconds)])
        }
    }
}
