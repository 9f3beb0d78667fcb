import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// The client against the stand-in, with each switch of the contract (12.2) in each of its positions.
@Suite("NxVET: switches of the contract", .timeLimit(.minutes(1)))
struct NxVETContractTests {
    @Test(
        "Devices are the same in every shape, through every trouble that passes",
        arguments: [
            "deviceShape=value", "deviceShape=id", "deviceShape=mixed", "deviceShape=wrappedInData",
            "transport=reset@1-2",
            "transport=slow", "transport=truncated@1", "transport=html@1-4", "throttle=429@1-3",
            "throttle=429RetryAfter@1",
        ]
    )
    func devices(fault: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.\(fault)"]) { fixture, _ in
            let devices = try await fixture.client.devices()
            #expect(devices.map(\.id) == ["device-id-here", "device-ward", "device-desk"], "\(fault)")
            #expect(devices.map(\.name) == ["Room 1", "Ward", "Phone of the desk"])
        }
    }

    @Test(
        "Labels are the same in every form of types, totals and times",
        arguments: [
            "typesForm=both", "typesForm=commaOnly", "typesForm=repeatedOnly", "totalCount=missing", "totalCount=wrong",
            "totalCount=changing", "timeUnit=ms", "timeUnit=s", "timeUnit=iso",
        ]
    )
    func labels(fault: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.\(fault)"]) { fixture, _ in
            let query = LabelQuery(types: ["ClinicConversation", "NxHubBatch"], limit: 3)
            let list = try await fixture.client.allLabels(query)
            #expect(list.labels.count == 8, "\(fault)")
            #expect(list.labels.last?.id == Known.labels[0])
            #expect(list.labels.last?.from?.description == "2026-05-10T08:00:00Z")
            let whole = try await fixture.client.allLabels(LabelQuery(limit: 10))
            #expect(whole.labels.count == 27, "\(fault)")
        }
    }

    @Test(
        "The content of a label is the same in every shape",
        arguments: ["json", "plainText", "noteAsObject", "noteAsText"]
    )
    func content(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.noteContent=\(value)"]) { fixture, _ in
            let label = try await fixture.client.label(Known.label)
            #expect(label.state == .note)
            #expect(label.transcript?.hasPrefix("[sandbox] Bella came in for visit 2.") == true)
            #expect(label.clinicalNote?.contains("Plan: [sandbox] Bella should rest for a week.") == true)
        }
    }

    @Test("Content that is not there is said to be so", arguments: ["{}", "null", "truncated"])
    func noContent(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.noteContent=\(value)"]) { fixture, _ in
            let label = try await fixture.client.label(Known.label)
            #expect(label.state == .absent)
            #expect(label.isDamaged == (value == "truncated"))
        }
    }

    @Test("A refused key is a refusal", arguments: ["auth=401", "auth=403", "auth=expired"])
    func refused(fault: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.\(fault)"]) { fixture, _ in
            await expectError(.refused) { for _ in 0..<3 { _ = try await fixture.client.devices() } }
        }
    }

    @Test("Whose key it is, is told by either call (NC-16)", arguments: ["both", "meOnly", "introspectOnly"])
    func identity(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.identity=\(value)"]) { fixture, _ in
            let organisation = try await fixture.client.organisation()
            #expect(organisation == SandboxCredentials.nxVETOrganisation)
        }
    }

    @Test("A half of the service that is not there is told", arguments: ["labels", "nxhub"])
    func source(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.source=\(value)"]) { fixture, _ in
            let hasLabels = (try? await fixture.client.label(Known.label)) != nil
            let hasConversations = (try? await fixture.client.conversations()) != nil
            #expect(hasLabels == (value == "labels"))
            #expect(hasConversations == (value == "nxhub"))
        }
    }

    @Test("An assignment is judged by what the label says", arguments: ["200", "204", "404", "500", "okNotStored"])
    func assign(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.assign=\(value)"]) { fixture, server in
            let label = try? await fixture.client.assign(Known.label, to: Known.patient)
            let isAssigned = value == "200" || value == "204"
            #expect((label?.patient?.id == Known.patient) == isAssigned)
            #expect(server.nxVETTally.assignments == (isAssigned ? 1 : 0))
        }
    }

    @Test(
        "A record is made once, whatever becomes of the answer",
        arguments: ["201", "200", "caseInsensitive", "dropAfterStore", "400", "500"]
    )
    func aggregate(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.aggregate=\(value)"]) { fixture, server in
            let id = try? await fixture.client.aggregate(
                Known.labels,
                patient: Known.patient,
                template: Known.template
            )
            let isRefused = value == "400" || value == "500"
            #expect(server.nxVETTally.records == (isRefused ? 0 : 1))
            #expect((id == nil) == (isRefused || value == "dropAfterStore"))
            guard value == "dropAfterStore" else { return }
            let since = try #require(NxVETTime(milliseconds: 1_778_500_000_000))
            let found = try await fixture.client.combined(for: Known.patient, since: since)
            #expect(found.count == 1)
        }
    }

    @Test("A report is made anew once: 504 and success mean yes, nothing else does")
    func lambda() async throws {
        let values = ["504", "200", "202", "noUpdate", "404", "500", "reset"]
        for value in values {
            try await NxVETFixture.sandbox(["nxvet.lambda=\(value)", "nxvet.contentDelay=0s"]) { fixture, server in
                let isBegun = (try? await fixture.client.regenerate(Known.label, template: Known.template)) != nil
                #expect(isBegun == values.prefix(4).contains(value), "\(value)")
                #expect(server.nxVETTally.regenerations == (isBegun ? 1 : 0))
                let note = try await fixture.client.label(Known.label).clinicalNote
                #expect(note?.contains("Standard SOAP, run 1") == (isBegun && value != "noUpdate"))
            }
        }
    }

    @Test("Templates come, are none, or cannot be had", arguments: ["some", "none", "500"])
    func templates(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.templates=\(value)"]) { fixture, _ in
            let templates = try? await fixture.client.templates()
            #expect(templates?.count == ["some": 2, "none": 0][value])
        }
    }

    @Test(
        "Conversations are the same in every shape and on every way through the pages",
        arguments: [
            "listShape=items", "listShape=conversations", "listShape=data", "statusCase=lower", "statusCase=unknown",
            "paging=emptyPageWithMore@2", "paging=tokenExpired@2",
        ]
    )
    func conversations(fault: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.\(fault)"]) { fixture, _ in
            let list = try await fixture.client.allConversations(pageSize: 20)
            #expect(Set(list.conversations.map(\.id)).count == 45, "\(fault)")
            #expect(list.conversations.count == 45)
            #expect(!list.isCutShort)
            let failed = try await fixture.client.allConversations(status: .failed, pageSize: 3)
            #expect(failed.conversations.count == 7)
        }
    }

    @Test("A list that cannot be read to its end says so", arguments: ["repeatedToken", "hasMoreWithoutToken"])
    func cutShort(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.paging=\(value)"]) { fixture, _ in
            let list = try await fixture.client.allConversations(pageSize: 10)
            #expect(list.isCutShort)
            #expect(!list.conversations.isEmpty)
        }
    }

    @Test(
        "A transcript and its device are found under every name",
        arguments: [
            "detailText=transcriptText", "detailText=transcript", "detailText=text", "detailText=empty",
            "devicePathId=value", "devicePathId=serial", "devicePathId=either",
        ]
    )
    func conversation(fault: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.\(fault)"]) { fixture, _ in
            let conversation = try await fixture.client.conversation(Known.conversation, on: Known.device)
            #expect(conversation.status == .known(.completed))
            #expect((conversation.transcript == nil) == (fault == "detailText=empty"))
            let minutes = try await fixture.client.timeline(of: Known.device, try .minutes(60))
            #expect(minutes.count == 64)
        }
    }

    @Test("A timeline is in order", arguments: ["ok", "unsorted", "missingMinutes", "nullText", "400"])
    func timeline(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.timeline=\(value)"]) { fixture, _ in
            guard value != "400" else {
                await expectError(.rejected) { _ = try await fixture.client.timeline(of: Known.device, .minutes(60)) }
                return
            }
            let minutes = try await fixture.client.timeline(of: Known.device, try .minutes(60))
            #expect(minutes.map(\.start) == minutes.map(\.start).sorted())
            #expect(minutes.count == (value == "missingMinutes" ? 43 : 64))
            #expect(minutes.contains { $0.transcript != nil } == (value != "nullText"))
        }
    }

    @Test("A preview tells how much speech there is", arguments: ["ok", "allSilent", "400", "overLimitAccepted"])
    func preview(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.preview=\(value)"]) { fixture, _ in
            let preview = try? await fixture.client.preview(of: Known.device, try .minutes(90))
            #expect(preview?.speech == ["ok": 52, "allSilent": 0, "overLimitAccepted": 52][value])
        }
    }

    @Test(
        "A conversation is made once, whatever becomes of the answer",
        arguments: ["ok", "failure200", "failure400", "dropAfterStore", "withoutId"]
    )
    func create(value: String) async throws {
        try await NxVETFixture.sandbox(["nxvet.create=\(value)"]) { fixture, server in
            let before = try await fixture.client.active(on: Known.device).count
            let id = try? await fixture.client.create(on: Known.device, try .minutes(30))
            let isFailure = value.hasPrefix("failure")
            #expect((id != nil) == (value == "ok"))
            #expect(server.nxVETTally.conversations == (isFailure ? 0 : 1))
            let after = try await fixture.client.active(on: Known.device).count
            #expect(after == before + (isFailure ? 0 : 1))
        }
    }

    @Test(
        "A conversation is completed once, and comes to its end",
        arguments: ["ok", "202", "504", "alreadyDone", "failure200"],
        ["COMPLETED", "FAILED", "FILTERED", "stuckPROCESSING"]
    )
    func complete(value: String, outcome: String) async throws {
        let faults = ["nxvet.complete=\(value)", "nxvet.outcome=\(outcome)"]
        try await NxVETFixture.sandbox(faults) { fixture, server in
            let id = try await fixture.client.create(on: Known.device, try .minutes(30))
            let completion = try? await fixture.client.complete(id, on: Known.device)
            #expect((completion != nil) == (value != "failure200"))
            #expect(server.nxVETTally.completions == (value == "failure200" ? 0 : 1))
            guard value != "failure200" else { return }
            let conversation = try await fixture.client.conversation(id, on: Known.device)
            #expect(conversation.status.text == (outcome.hasPrefix("stuck") ? "PROCESSING" : outcome))
            #expect((conversation.transcript != nil) == (outcome == "COMPLETED"))
        }
    }
}
