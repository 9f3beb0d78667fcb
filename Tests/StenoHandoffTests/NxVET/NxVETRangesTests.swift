import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: stretches of a day")
struct NxVETRangesTests {
    @Test("A timeline comes in the order of time, whatever its order was and whatever is missing")
    func timeline() async throws {
        let body = #"""
            {"minutes":[{"minuteStartMs":1778400060000,"vadIsSilent":false,"vadSpeechDurationMs":70000,
            "transcriptText":"Hello."},{"minuteStartMs":1778400000000,"vadIsSilent":true},
            {"minuteStartMs":1778400120000,"vadSpeechDurationMs":-5,"transcriptText":null},{"odd":1},null]}
            """#
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
            let minutes = try await fixture.client.timeline(of: "d", try .minutes(360))
            #expect(minutes.map(\.start.milliseconds) == [1_778_400_000_000, 1_778_400_060_000, 1_778_400_120_000])
            #expect(minutes.map(\.isSilent) == [true, false, true])
            #expect(minutes.map(\.speechMilliseconds) == [0, 60_000, 0])
            #expect(minutes.map(\.transcript) == [nil, "Hello.", nil])
            #expect(
                server.requests.first?.target
                    == "/api/nxhub/conversations/timeline/d?startMs=1778400000000&endMs=1778421600000"
            )
        }
    }

    @Test("A timeline is asked for with two minutes more at either end, never for more than 6 hours (NA-16)")
    func edges() async throws {
        for (minutes, edge) in [(30, 120_000), (356, 120_000), (359, 30_000), (360, 0)] {
            try await NxVETFixture.run({ _ in .json(#"{"minutes":[]}"#) }) { fixture, server in
                _ = try await fixture.client.timeline(of: "d", try .minutes(Int64(minutes)))
                let (start, end) = (1_778_400_000_000 - edge, 1_778_400_000_000 + minutes * 60_000 + edge)
                let query = "startMs=\(start)&endMs=\(end)"
                #expect(server.requests.first?.target == "/api/nxhub/conversations/timeline/d?\(query)")
            }
        }
    }

    @Test("A preview tells minutes; a figure that is missing is what the others leave")
    func preview() async throws {
        for body in [
            #"{"totalMinutes":30,"speechMinutes":12.5,"silentMinutes":17.5}"#,
            #"{"totalMinutes":30,"speechMinutes":12.5}"#,
            #"{"speechMinutes":12.5,"silentMinutes":17.5}"#,
        ] {
            try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
                let preview = try await fixture.client.preview(of: "d", try .minutes(90))
                #expect(preview.total == 30 && preview.speech == 12.5 && preview.silent == 17.5)
                #expect(
                    server.requests.first?.target
                        == "/api/nxhub/conversations/create/preview?deviceId=d&startMs=1778400000000&endMs=1778405400000"
                )
            }
        }
    }

    @Test("What is too long, or no stretch at all, is refused before a byte is sent (NA-5, NA-8)")
    func limits() async throws {
        try await NxVETFixture.run({ _ in .json("{}") }) { fixture, server in
            let client = fixture.client
            let errors = [
                await expectError(.rejected) { _ = try await client.timeline(of: "d", try .minutes(360, more: 1)) },
                await expectError(.rejected) { _ = try await client.preview(of: "d", try .minutes(90, more: 1)) },
                await expectError(.rejected) { _ = try await client.create(on: "d", try .minutes(91)) },
                await expectError(.rejected) { _ = try await client.create(on: "d", try .minutes(0)) },
            ]
            #expect(
                errors.map(\.?.message) == [
                    "A timeline covers at most 6 hours, and this is 6 h 1 min. Ask for it in parts.",
                    "A preview covers at most 90 minutes, and this is 1 h 31 min. Choose a shorter stretch around the "
                        + "speech.",
                    "A conversation covers at most 90 minutes, and this is 1 h 31 min. Choose a shorter stretch around "
                        + "the speech.",
                    "'2026-05-10T08:00:00Z' is not before '2026-05-10T08:00:00Z'. The end must be after the beginning.",
                ]
            )
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A conversation is made once, and its id is found")
    func create() async throws {
        let bodies = [
            #"{"success":true,"conversation":{"conversationId":"c"}}"#, #"{"conversation":{"id":"c"}}"#,
            #"{"success":true,"conversationId":"c"}"#,
        ]
        for body in bodies {
            try await NxVETFixture.run({ _ in .json(body, status: 201) }) { fixture, server in
                let id = try await fixture.client.create(on: "d", try .minutes(30))
                #expect(id == "c")
                #expect(server.requests.first?.target == "/api/nxhub/conversations/create")
                #expect(
                    server.requests.first?.text == #"{"deviceId":"d","startMs":1778400000000,"endMs":1778401800000}"#
                )
            }
        }
    }

    @Test("'success' that is false is a failure with any status, and the reason is kept (NA-6)", arguments: [200, 400])
    func createRefused(status: Int) async throws {
        try await NxVETFixture.run({ _ in
            .json(#"{"success":false,"message":"canary: no audio"}"#, status: status)
        }) { fixture, server in
            let error = await expectError(.rejected) { _ = try await fixture.client.create(on: "d", try .minutes(30)) }
            #expect(error?.message == "NxVET did not create the conversation (\(status)).")
            #expect(error?.explanation?.reveal { $0 } == "canary: no audio")
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "A conversation whose answer is lost or names none is never made again",
        arguments: [
            .close, .json(#"{"success":true}"#), .json("[]"), .reply(status: 500), .reply(status: 504),
            .json(#"{"success":false}"#, status: 503), .reply(status: 200, body: "<html>"),
        ] as [LoopbackAnswer]
    )
    func createOnce(answer: LoopbackAnswer) async throws {
        try await NxVETFixture.run({ _ in answer }) { fixture, server in
            await expectError(.unknownOutcome) { _ = try await fixture.client.create(on: "d", try .minutes(30)) }
            #expect(server.requests.count == 1)
        }
    }

    @Test(
        "Completing begins with any success",
        arguments: [(200, #"{"success":true}"#), (202, "{}"), (204, ""), (200, "")]
    )
    func complete(status: Int, body: String) async throws {
        let answer = status == 204 ? LoopbackAnswer.bytes("HTTP/1.1 204 No\r\n\r\n") : .json(body, status: status)
        try await NxVETFixture.run({ _ in answer }) { fixture, server in
            let completion = try await fixture.client.complete("c", on: "d")
            #expect(completion == .started)
            #expect(server.requests.map(\.target) == ["/api/nxhub/conversations/d/c/complete"])
        }
    }

    @Test("When the answer does not tell, the conversation does, and nothing is sent again (NA-15)")
    func completeJudged() async throws {
        let answers: [(answer: LoopbackAnswer, status: String, expected: NxVETClient.Completion?)] = [
            (.json(#"{"success":false}"#), "COMPLETED", .before(.known(.completed))),
            (.json(#"{"success":false}"#, status: 409), "PROCESSING", .before(.known(.processing))),
            (.json(#"{"success":false}"#), "ACTIVE", nil), (.json(#"{"success":false}"#), "NOVEL", nil),
            (.reply(status: 504), "UPLOADED", .started), (.close, "PROCESSING", .started), (.close, "ACTIVE", nil),
            (.reply(status: 500), "ACTIVE", nil),
        ]
        for row in answers {
            try await NxVETFixture.run({ request in
                request.method == "POST" ? row.answer : .json(#"{"id":"c","status":"\#(row.status)"}"#)
            }) { fixture, server in
                let completion = try? await fixture.client.complete("c", on: "d")
                #expect(completion == row.expected, "\(row.status)")
                #expect(server.requests.map(\.method) == ["POST", "GET"])
            }
        }
    }

    @Test("A conversation that is not there is not completed")
    func completeUnknown() async throws {
        try await NxVETFixture.run({ request in
            request.target.hasPrefix("/api/devices") ? .json("[]") : .reply(status: 404)
        }) { fixture, server in
            let error = await expectError(.rejected) { _ = try await fixture.client.complete("c", on: "d") }
            #expect(error?.message.hasPrefix("NxVET has no such conversation (404)") == true)
            #expect(server.requests.filter { $0.method == "POST" }.count == 1)
        }
    }
}
