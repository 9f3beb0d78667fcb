import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoWire
import Testing

@Suite("Invox summary")
struct InvoxSummaryTests {
    private static let note = #"{"clinicalNote":"fine","generationTime":6.52}"#

    @Test("The request is the documented one")
    func request() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            let text = "Zij zegt: \"pijn\"\n\u{1F600}\\ /"
            _ = try await fixture.client.summarize(.init(transcript: text, format: .soap, language: "nl"))
            let request = try #require(fixture.summaryRequests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/api/v1/generate-consultation-summary")
            #expect(request.values("content-type") == ["application/json"])
            #expect(request.values("x-invox-medical-api-version") == ["2026-03-01"])
            #expect(
                try JSONValue(parsing: request.body) == [
                    "transcript": .string(text), "outputFormat": "SOAP_TEMPLATE", "outputLanguage": "nl",
                ]
            )
        }
    }

    private static let oddFields = #"""
        {"fields":[{"name":"","description":"D","value":""},{"value":7},{"name":"X","value":null},"plain",
        3,{"name":"Z"}]}
        """#
    private static let soapFields = #"""
        {"fields":[{"name":"Subjectief","value":"s"},{"name":"O","value":"o"},{"name":"A","value":"a"},
        {"name":"P","description":"plan","value":"p"}]}
        """#

    @Test(
        "The note is what its JSON type says, whatever was asked for",
        arguments: [
            (#""text""#, "text"), (#""""#, ""), (#"{"fields":[]}"#, ""),
            (#"{"fields":[{"name":"N","description":"d","value":"v"}]}"#, "N\nv"),
            (#"[{"name":"A","description":"","value":"1"},{"name":"B","description":"","value":"2"}]"#, "A\n1\n\nB\n2"),
            (Self.oddFields, "D\n\n\n\n7\n\nX\n\n\n\nplain\n\nZ\n"),
            (Self.soapFields, "S: Subjectief\ns\n\nO: O\no\n\nA: A\na\n\nP: P\np"),
        ]
    )
    func shapes(row: (note: String, text: String)) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(#"{"clinicalNote":\#(row.note),"x":1}"#) }) { fixture in
            let summary = try await fixture.summarize()
            #expect(summary.note.plainText == row.text)
        }
    }

    @Test(
        "The generation time is read from a number or a text, and not needed",
        arguments: [
            ("6.52", 6.52 as Double?), (#""6.52""#, 6.52), ("null", nil), (#""fast""#, nil), ("[]", nil),
        ]
    )
    func generationTime(row: (value: String, seconds: Double?)) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(#"{"clinicalNote":"x","generationTime":\#(row.value)}"#) })
        {
            let summary = try await $0.summarize()
            #expect(summary.generationTime == row.seconds)
        }
    }

    @Test("An empty transcript is refused here", arguments: ["", " ", "\n\t\u{A0}"])
    func noSpeech(text: String) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            await expectError(.rejected) { _ = try await fixture.summarize(text) }
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test("A language that is no code is refused here", arguments: ["", "Dutch", "nl-NL", "NL", "n", "ñl"])
    func noLanguage(code: String) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            await expectError(.misconfigured) { _ = try await fixture.summarize(language: code) }
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test("A 401 renews once and repeats once; a second one is final")
    func renewal() async throws {
        try await InvoxFixture.run(
            summary: { request, number in number == 1 ? .reply(status: 401) : .json(Self.note) }
        ) { fixture in
            _ = try await fixture.summarize()
            #expect(fixture.summaryRequests.map { $0.value("authorization") } == ["Bearer token-1", "Bearer token-2"])
        }
        try await InvoxFixture.run(summary: { _, _ in .reply(status: 401) }) { fixture in
            await expectError(.refused) { _ = try await fixture.summarize() }
            #expect(fixture.tokenRequests.count == 2)
            #expect(fixture.summaryRequests.count == 2)
        }
    }

    @Test(
        "Refusals are final and say what to do",
        arguments: [
            (400, "invalidLanguage", ServiceError.Reason.rejected, "'nl'"),
            (400, "invalidOutputFormat", .rejected, "defect"), (400, "missingOutputLanguage", .rejected, "defect"),
            (400, "canary", .rejected, "did not accept"), (403, "canary", .refused, "CONSULTATION-SUMMARY"),
            (403, "", .refused, "CONSULTATION-SUMMARY"), (404, "", .misconfigured, "INVOX_BASE_URL"),
            (413, "", .rejected, "too long"), (415, "", .rejected, "415"), (422, "", .rejected, "422"),
            (307, "", .misconfigured, "INVOX_BASE_URL"),
        ],
        [#""messsage":"canary words","#, #""message":"canary words","#, ""]
    )
    func refusals(row: (status: Int, type: String, reason: ServiceError.Reason, hint: String), message: String)
        async throws
    {
        let body = #"{\#(message)"errorType":"\#(row.type)","details":[1]}"#
        try await InvoxFixture.run(summary: { _, _ in .json(body, status: row.status) }) { fixture in
            let error = await expectError(row.reason) { _ = try await fixture.summarize() }
            #expect(error?.message.contains(row.hint) == true)
            #expect(error?.explanation?.reveal { $0 } == (message.isEmpty ? nil : "canary words"))
            #expect(fixture.summaryRequests.count == 1)
            #expect(fixture.tokenRequests.count == 1)
        }
    }

    @Test("Without words the beginning of the body is the explanation, for the screen only")
    func explanation() async throws {
        try await InvoxFixture.run(summary: { _, _ in .reply(status: 422, body: "<p>canary</p>") }) { fixture in
            let error = await expectError(.rejected) { _ = try await fixture.summarize() }
            #expect(error?.explanation?.reveal { $0 } == "<p>canary</p>")
        }
    }

    @Test(
        "Throttled or out of order before reading: 2, 4, 8 s, or what is asked for, three times",
        arguments: [429, 503]
    )
    func throttled(status: Int) async throws {
        try await InvoxFixture.run(summary: { _, _ in .reply(status: status) }) { fixture in
            await #expect(throws: ServiceError.self) { try await fixture.summarize() }
            #expect(fixture.time.sleeps == [.seconds(2), .seconds(4), .seconds(8)])
        }
        try await InvoxFixture.run(
            summary: { $1 == 1 ? .reply(status: status, headers: [("Retry-After", "20")]) : .json(Self.note) }
        ) { fixture in
            _ = try await fixture.summarize()
            #expect(fixture.time.sleeps == [.seconds(20)])
        }
    }

    @Test(
        "Whatever may have made a summary is unknown, and not asked again",
        arguments: [
            LoopbackAnswer.close, .reply(status: 500), .reply(status: 502), .reply(status: 504, body: "<html>canary"),
            .json("{}"), .json(#"{"clinicalNote":null}"#), .json(#"{"clinicalNote":7}"#),
            .json(#"{"clinicalNote":{}}"#),
            .reply(status: 200), .reply(status: 200, body: "<html>canary"),
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"clinicalNote\":\"cana"),
            .reply(status: 200, body: #"{"clinicalNote":""# + String(repeating: "x", count: 5 << 20) + #""}"#),
        ]
    )
    func unknown(answer: LoopbackAnswer) async throws {
        try await InvoxFixture.run(summary: { _, _ in answer }) { fixture in
            let error = await expectError(.unknownOutcome) { _ = try await fixture.summarize() }
            #expect(error?.isTransient == false)
            #expect(fixture.summaryRequests.count == 1)
        }
    }

    @Test("A silent service leaves the outcome unknown at the time limit")
    func timeLimit() async throws {
        try await InvoxFixture.run(summary: { _, _ in .silence }, timeLimit: .seconds(2)) { fixture in
            await expectError(.unknownOutcome) { _ = try await fixture.summarize() }
        }
    }

    @Test("Only where doubles are allowed it is asked once more, and no third time")
    func repeats() async throws {
        try await InvoxFixture.run(summary: { $1 == 1 ? .close : .json(Self.note) }, repeatsUnknown: true) { fixture in
            _ = try await fixture.summarize()
            #expect(fixture.summaryRequests.count == 2)
        }
        try await InvoxFixture.run(summary: { _, _ in .close }, repeatsUnknown: true) { fixture in
            await expectError(.unknownOutcome) { _ = try await fixture.summarize() }
            #expect(fixture.summaryRequests.count == 2)
        }
    }

    @Test("Where nobody listens it is tried five times, 1, 2, 4 and 8 s apart")
    func unreachable() async throws {
        let nowhere = ClosedPort()
        let base = try ServiceURL(nowhere.url)
        try await LoopbackServer.run({ _ in .json(#"{"accessToken":"t"}"#) }) { server in
            let transport = HTTPTransport()
            let time = ManualTime()
            let configuration = InvoxClient.Configuration(
                base: base,
                tokenURL: try ServiceURL(server.url),
                appID: Secret("a"),
                apiKey: Secret("k")
            )
            let client = InvoxClient(configuration, transport: transport, time: time.timekeeper)
            await expectError(.unreachable) {
                _ = try await client.summarize(.init(transcript: "x", format: .summary, language: "nl"))
            }
            #expect(time.sleeps == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
            await transport.shutdown()
        }
        #expect(nowhere.port > 0)
    }
}
