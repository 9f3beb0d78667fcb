import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("ConnectVets stand-in", .timeLimit(.minutes(1)))
struct ConnectVetsTests {
    @Test("An upload becomes a note that runs through its states and ends with sections")
    func life() async throws {
        let time = Clock()
        try await withSandbox(configure: {
            $0.clock = { time.now }
            $0.pendingTime = .seconds(1)
            $0.processingTime = .seconds(5)
        }) { server in
            let created = try await create(server)
            #expect(created.status == 201)
            let note = try #require(try JSONValue(parsing: created.body)["data"])
            #expect(note["transcription_status"]?.string == "pending")
            #expect(note["note_sections"] == .array([]))
            #expect(note["transcription_url"] == .null)
            let id = try #require(note["id"]?.string)

            time.advance(by: .seconds(1))
            #expect(try await data(server, "/notes/\(id)/status") == ["status": "processing", "valid": false])
            time.advance(by: .seconds(5))
            #expect(try await data(server, "/notes/\(id)/status") == ["status": "completed", "valid": true])

            let done = try #require(try await data(server, "/notes/\(id)"))
            let sections = try #require(done["note_sections"]?.array)
            #expect(sections.map { $0["order"]?.string } == ["1", "2", "3", "4"])
            #expect(sections.first?["label"]?.string == "anamnesis")
            #expect(sections.first?["content"]?.string?.hasPrefix("[sandbox] Anamnesis: 1000 ms of WAV audio") == true)
            #expect(done["metadata"]?.array?.first?["key"]?.string == "steno_delivery")

            let url = try #require(done["transcription_url"]?.string)
            #expect(url.hasPrefix(server.transcriptsURL))
            let path = String(url.dropFirst(server.transcriptsURL.count))
            let port = try #require(Int(server.transcriptsURL.split(separator: ":").last ?? ""))
            let transcript = try await request(port, httpRequest("GET", path))
            #expect(transcript.status == 200)
            #expect(transcript.body.hasPrefix("[sandbox] 1000 ms"))
            #expect(server.violations == [])

            let leaked = try await request(port, httpRequest("GET", path, headers: ["X-API-KEY: k"]))
            #expect(leaked.status == 403)
            #expect(server.violations.map(\.rule) == ["2.1"])
        }
    }

    @Test("A note is found by its external id, and by no other")
    func list() async throws {
        try await withSandbox { server in
            _ = try await create(server, externalID: "visit-1")
            _ = try await create(server, externalID: "visit-2")
            let reply = try JSONValue(
                parsing: try await get(server, "/notes?external_id=visit-2&page=1&limit=100&per_page=100").body
            )
            #expect(reply["data"]?.array?.map { $0["external_id"]?.string } == ["visit-2"])
            #expect(reply["data"]?.array?.first?["note_sections"] == nil)
            #expect(reply["meta"]?["total"]?.int == 1)
            #expect(server.violations == [])
        }
    }

    @Test("Notes come in pages, newest first, under every form of the list")
    func pages() async throws {
        for shape in ["dataMeta", "dataPagination", "notesPagination", "rootArray"] {
            try await withSandbox(faults: ["listShape=\(shape)", "throttle=off"]) { server in
                for number in 1...25 { _ = try await create(server, externalID: "v\(number)") }
                var found: [String] = []
                for page in 1...3 {
                    let reply = try JSONValue(parsing: try await get(server, "/notes?page=\(page)&limit=10").body)
                    let rows = reply.array ?? reply["data"]?.array ?? reply["notes"]?.array ?? []
                    found += rows.compactMap { $0["external_id"]?.string }
                }
                #expect(found == (1...25).reversed().map { "v\($0)" }, "\(shape)")
            }
        }
    }

    @Test("The key is checked first: missing is a violation, wrong is not, read-only may not write")
    func keys() async throws {
        try await withSandbox { (server) async throws in
            #expect(try await get(server, "/notes", key: "other").status == 401)
            #expect(try await get(server, "/notes", key: SandboxCredentials.connectVetsReadOnlyKey).status == 200)
            #expect(try await create(server, key: SandboxCredentials.connectVetsReadOnlyKey).status == 403)
            #expect(server.violations == [])
            #expect(try await get(server, "/notes", key: nil).body.contains("MISSING_API_KEY"))
            #expect(server.violations.count == 1)
        }
    }

    @Test(
        "A call that is not documented is refused and recorded",
        arguments: [("/other", 404), ("/notes/search", 404), ("/note_sections", 405), ("/notes?sort=name", 400)]
    )
    func unknownCalls(_ path: String, _ status: Int) async throws {
        try await withSandbox { (server) async throws in
            #expect(try await get(server, path).status == status)
            #expect(server.violations.count == 1)
        }
    }

    @Test("The status call is not limited, every other one is, with its headers")
    func limits() async throws {
        let time = Clock()
        try await withSandbox(configure: { $0.clock = { time.now } }) { server in
            for _ in 0..<100 { _ = try await get(server, "/notes") }
            let refused = try await get(server, "/notes")
            #expect(refused.status == 429)
            #expect(refused.body.contains("RATE_LIMIT_EXCEEDED"))
            #expect(refused.headers["x-ratelimit-limit-minute"] == "100")
            #expect(refused.headers["x-ratelimit-remaining-minute"] == "0")
            let unknown = "00000000-5a0d-4b0c-8000-000000000000"
            #expect(try await get(server, "/notes/\(unknown)/status").status == 404)
            time.advance(by: .minutes(1))
            #expect(try await get(server, "/notes").status == 200)
        }
    }

    @Test("A lost answer leaves a note, an upload that was lost before it leaves none")
    func lostAnswers() async throws {
        try await withSandbox(faults: ["createFault=dropAfterStore@1", "createFault=dropBeforeStore@2"]) { server in
            await #expect(throws: (any Error).self) { try await create(server, externalID: "a") }
            #expect(server.connectVetsNotes == 1)
            await #expect(throws: (any Error).self) { try await create(server, externalID: "b") }
            #expect(server.connectVetsNotes == 1)
            _ = try await create(server, externalID: "c")
            #expect(server.connectVetsNotes == 2)
        }
    }

    @Test(
        "Each fault of a create answers as it says",
        arguments: [
            ("402", 402, 0), ("411", 411, 0), ("413", 413, 0), ("422", 422, 0), ("500", 500, 1), ("503", 503, 0),
        ]
    )
    func createFaults(_ value: String, _ status: Int, _ notes: Int) async throws {
        try await withSandbox(faults: ["createFault=\(value)"]) { (server) async throws in
            #expect(try await create(server).status == status)
            #expect(server.connectVetsNotes == notes)
        }
    }

    @Test("A failed note is processed again by either route, and then completes")
    func retry() async throws {
        try await withSandbox(faults: ["outcome=failed@1"]) { server in
            let note = try JSONValue(parsing: try await create(server).body)["data"]
            let id = try #require(note?["id"]?.string)
            try await waitForEnd(server, id, "failed")
            let reply = try await call(server, "POST", "/transcripts/retry", json: "{\"note_id\":\"\(id)\"}")
            #expect(reply.status == 200)
            try await waitForEnd(server, id, "completed")
            #expect(try await call(server, "POST", "/notes/\(id)/retry", json: "{}").status == 200)
            #expect(server.violations == [])
        }
    }

    @Test("A section is edited with all four fields, and no fewer")
    func editSection() async throws {
        try await withSandbox(faults: ["patch=strict"]) { server in
            let note = try JSONValue(parsing: try await create(server).body)["data"]
            let id = try #require(note?["id"]?.string)
            try await waitForEnd(server, id, "completed")
            let section = try await data(server, "/notes/\(id)")?["note_sections"]?.array?[1]
            let path = "/note_sections?section_id=\(section?["id"]?.string ?? "")"
            let fields = #"{"title":"T","content":"new","order":"2","label":"l"}"#
            #expect(try await call(server, "PATCH", path, json: fields).status == 200)
            let edited = try await data(server, "/notes/\(id)")?["note_sections"]?.array?[1]
            #expect(edited?["content"]?.string == "new")
            #expect(server.violations == [])
            #expect(try await call(server, "PATCH", path, json: #"{"content":"x"}"#).status == 400)
            #expect(server.violations.count == 1)
        }
    }

    @Test("A completed note is exported as text and as RTF; an unfinished one is not")
    func export() async throws {
        try await withSandbox(faults: ["processingSeconds=neverEnds@2"]) { server in
            let first = try JSONValue(parsing: try await create(server).body)["data"]?["id"]?.string ?? ""
            let second = try JSONValue(parsing: try await create(server).body)["data"]?["id"]?.string ?? ""
            try await waitForEnd(server, first, "completed")
            let text = try await get(server, "/notes/\(first)/export?format=txt")
            #expect(text.body.contains("Anamnesis\n---------\n[sandbox]"))
            #expect(text.headers["content-disposition"]?.contains("nota_\(first).txt") == true)
            #expect(try await get(server, "/notes/\(first)/export?format=rtf").body.hasPrefix("{\\rtf1"))
            #expect(server.violations == [])
            #expect(try await get(server, "/notes/\(second)/export").status == 400)
        }
    }
}
