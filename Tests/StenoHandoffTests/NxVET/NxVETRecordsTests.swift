import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: patients, records and reports")
struct NxVETRecordsTests {
    @Test("A patient is assigned, and the label is read back")
    func assign() async throws {
        try await NxVETFixture.run({ request in
            request.method == "POST"
                ? .reply(status: 204) : .json(#"{"id":"l","patient":{"id":"p","name":"Luna"}}"#)
        }) { fixture, server in
            let label = try await fixture.client.assign("l", to: "p")
            #expect(label.patient?.id == "p")
            #expect(server.requests.map(\.method) == ["POST", "GET"])
            #expect(server.requests[0].target == "/api/labels/l/assign")
            #expect(server.requests[0].text == #"{"patientId":"p"}"#)
            #expect(server.requests[0].value("content-type") == "application/json")
        }
    }

    @Test("An assignment whose answer is lost is made again, because that changes nothing (NA-18)")
    func assignTwice() async throws {
        try await NxVETFixture.run({ request in
            request.number == 1 ? .close : .json(#"{"id":"l"}"#)
        }) { fixture, server in
            _ = try await fixture.client.assign("l", to: "p")
            #expect(server.requests.map(\.method) == ["POST", "POST", "GET"])
        }
    }

    @Test("Templates are a bare list", arguments: [#"[{"id":"t","name":"N","content":"C"}]"#, "[]"])
    func templates(body: String) async throws {
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
            let templates = try await fixture.client.templates()
            #expect(templates.map(\.name) == (body == "[]" ? [] : ["N"]))
            #expect(server.requests.first?.target == "/api/organizations/org%2F1/medical-templates")
        }
    }

    @Test("A record is asked for with the capitals that the document prints (NC-8)", arguments: [200, 201])
    func aggregate(status: Int) async throws {
        try await NxVETFixture.run({ _ in .json(#"{"id":"new"}"#, status: status) }) { fixture, server in
            let id = try await fixture.client.aggregate(["a", "b"], patient: "p", template: "t")
            #expect(id == "new")
            #expect(server.requests.first?.target == "/api/labels/aggregate")
            #expect(server.requests.first?.text == #"{"LabelIds":["a","b"],"PatientId":"p","MedicalTemplateId":"t"}"#)
        }
    }

    @Test(
        "What cannot be one record is refused before a byte is sent (NA-7)",
        arguments: [([], "at least one"), (["a", "a"], "twice"), (["1", "2", "3", "4", "5", "6"], "at most 5")]
    )
    func aggregateLimits(labels: [String], words: String) async throws {
        try await NxVETFixture.run({ _ in .json("{}") }) { fixture, server in
            let error = await expectError(.rejected) {
                _ = try await fixture.client.aggregate(labels, patient: "p", template: "t")
            }
            #expect(error?.message.contains(words) == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(
        "A record whose answer is lost or broken is never asked for again",
        arguments: [
            .close, .json("{}"), .json(#"{"id":""}"#), .reply(status: 500), .reply(status: 502), .reply(status: 503),
            .reply(status: 504), .reply(status: 200, body: "<html>"),
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        ] as [LoopbackAnswer]
    )
    func aggregateOnce(answer: LoopbackAnswer) async throws {
        try await NxVETFixture.run({ _ in answer }) { fixture, server in
            await expectError(.unknownOutcome) {
                _ = try await fixture.client.aggregate(["a"], patient: "p", template: "t")
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("A refusal is one, and 429 is waited for", arguments: [400, 404, 401, 403])
    func aggregateRefused(status: Int) async throws {
        try await NxVETFixture.run({ request in
            request.number == 1
                ? .reply(status: 429, headers: [("Retry-After", "7")])
                : .json(#"{"error":"canary"}"#, status: status)
        }) { fixture, server in
            let reason: ServiceError.Reason = status == 401 || status == 403 ? .refused : .rejected
            await expectError(reason) {
                _ = try await fixture.client.aggregate(["a"], patient: "p", template: "t")
            }
            #expect(server.requests.count == 2)
            #expect(fixture.time.sleeps == [.seconds(7)])
        }
    }

    @Test("What a lost answer may have left is found by patient and time")
    func combined() async throws {
        let rows = #"""
            [{"id":"019e12ab-a7a0-7000-8000-000000000001","type":"AggregateLabel","patient":{"id":"p"}},
            {"id":"019e12ab-a7a0-7000-8000-000000000002","type":"CombinedClinicConv","patient":{"id":"p"}},
            {"id":"019e12ab-a7a0-7000-8000-000000000003","type":"AggregateLabel","patient":{"id":"other"}},
            {"id":"019e0000-a7a0-7000-8000-000000000004","type":"AggregateLabel","patient":{"id":"p"}},
            {"id":"odd","type":"AggregateLabel"},{"id":"5","type":"DictationAudio","patient":{"id":"p"}}]
            """#
        try await NxVETFixture.run({ _ in .json(rows) }) { fixture, _ in
            let since = try #require(NxVETTime(iso: "2026-05-10T16:16:30Z"))
            let found = try await fixture.client.combined(for: "p", since: since)
            #expect(found.map { $0.id.suffix(1) } == ["1", "2", "d"])
        }
    }

    @Test("200, 202 and 504 mean that a report is being made anew", arguments: [200, 202, 204, 504])
    func regenerate(status: Int) async throws {
        try await NxVETFixture.run({ _ in .reply(status: status) }) { fixture, server in
            try await fixture.client.regenerate("l", template: "t/1")
            #expect(server.requests.map(\.target) == ["/api/labels/l/lambda?medicalTemplateId=t%2F1"])
            #expect(server.requests.first?.method == "POST")
            #expect(server.requests.first?.body.isEmpty == true)
        }
    }

    @Test("Other statuses are failures, and are not repeated", arguments: [400, 401, 404, 500, 502, 503])
    func regenerateFails(status: Int) async throws {
        try await NxVETFixture.run({ _ in .reply(status: status) }) { fixture, server in
            let error = await #expect(throws: ServiceError.self) {
                try await fixture.client.regenerate("l", template: "t")
            }
            #expect(error?.reason == [401: .refused, 400: .rejected, 404: .rejected][status] ?? .unavailable)
            #expect(server.requests.count == 1)
        }
    }

    @Test("A dead network is no 504 (NC-12)", arguments: [.close, .silence] as [LoopbackAnswer])
    func regenerateLost(answer: LoopbackAnswer) async throws {
        try await NxVETFixture.run({ _ in answer }, writeTimeLimit: .seconds(3)) { fixture, server in
            await expectError(.unknownOutcome) { try await fixture.client.regenerate("l", template: "t") }
            #expect(server.requests.count == 1)
        }
    }
}
