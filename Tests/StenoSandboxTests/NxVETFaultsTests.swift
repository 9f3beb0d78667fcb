import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("NxVET stand-in: faults", .timeLimit(.minutes(1)))
struct NxVETFaultsTests {
    private static let labels = "/organizations/\(organisation)/labels"
    private static let conversations = "/nxhub/conversations?organizationId=\(organisation)"
    private static let aggregate =
        #"{"LabelIds":["019e1234-5678-7000-abcd-123456789abc"],"PatientId":"p","MedicalTemplateId":"template-id-here"}"#
    private static let creation = #"{"deviceId":"device-id-here","startMs":1778400000000,"endMs":1778401800000}"#

    /// Every value that shows in one answer: what is asked, and what the answer then holds.
    @Test(
        "Each value of a switch shows in the answer",
        arguments: [
            ("auth=401", "/auth/me", "", "401 {\"error\":\"unauthorized\"}"),
            ("auth=403", "/auth/me", "", "403 {\"error\":\"forbidden\"}"),
            ("identity=meOnly", "/auth/introspect-org", "", "404"), ("identity=introspectOnly", "/auth/me", "", "404"),
            ("source=labels", conversationPath, "", "404"), ("source=nxhub", labelPath, "", "404"),
            ("typesForm=commaOnly", "\(labels)?types=NxHubBatch&types=X", "", "200 []"),
            ("typesForm=repeatedOnly", "\(labels)?types=NxHubBatch,X", "", "200 []"),
            ("deviceShape=id", "/devices?organizationId=\(organisation)", "", "200 [{\"id\":\"device-id-here\""),
            ("deviceShape=mixed", "/devices?organizationId=\(organisation)", "", "\"friendlyName\":\"Ward\""),
            ("deviceShape=wrappedInData", "/devices?organizationId=\(organisation)", "", "200 {\"data\":["),
            ("devicePathId=serial", conversationPath, "", "404"),
            ("noteContent=plainText", labelPath, "", "\"type\":\"Transcript\",\"content\":\"[sandbox]"),
            ("noteContent={}", labelPath, "", "\"content\":\"{}\""),
            ("noteContent=null", labelPath, "", "Notes\":null"),
            ("noteContent=noteAsObject", labelPath, "", "{\\\"Subjective\\\":{\\\"value\\\":"),
            ("assign=204", "POST \(labelPath)/assign", #"{"patientId":"p"}"#, "204"),
            ("assign=404", "POST \(labelPath)/assign", #"{"patientId":"p"}"#, "404"),
            ("assign=500", "POST \(labelPath)/assign", #"{"patientId":"p"}"#, "500"),
            ("assign=okNotStored", "POST \(labelPath)/assign", #"{"patientId":"p"}"#, "200 {}"),
            ("templates=none", "/organizations/\(organisation)/medical-templates", "", "200 []"),
            ("templates=500", "/organizations/\(organisation)/medical-templates", "", "500"),
            ("aggregate=200", "POST /labels/aggregate", aggregate, "200 {\"id\":"),
            ("aggregate=400", "POST /labels/aggregate", aggregate, "400"),
            ("aggregate=500", "POST /labels/aggregate", aggregate, "500"),
            ("aggregate=caseInsensitive", "POST /labels/aggregate", aggregate, "201"),
            ("lambda=200", "POST \(labelPath)/lambda?medicalTemplateId=template-id-here", "", "200"),
            ("lambda=202", "POST \(labelPath)/lambda?medicalTemplateId=template-id-here", "", "202"),
            ("lambda=404", "POST \(labelPath)/lambda?medicalTemplateId=template-id-here", "", "404"),
            ("lambda=500", "POST \(labelPath)/lambda?medicalTemplateId=template-id-here", "", "500"),
            ("lambda=noUpdate", "POST \(labelPath)/lambda?medicalTemplateId=template-id-here", "", "504"),
            ("listShape=conversations", conversations, "", "200 {\"conversations\":["),
            ("listShape=data", conversations, "", "200 {\"data\":["),
            ("paging=hasMoreWithoutToken", conversations, "", "\"hasMore\":true,\"nextPageToken\":null"),
            ("paging=emptyPageWithMore", conversations, "", "200 {\"items\":[],\"hasMore\":true"),
            ("paging=tokenExpired", conversations + "&pageToken=sandbox-page-5-all", "", "400"),
            ("statusCase=lower", conversationPath, "", "\"status\":\"completed\""),
            ("statusCase=unknown", conversationPath, "", "\"status\":\"SANDBOX_NOVELTY\""),
            ("detailText=transcript", conversationPath, "", "\"transcript\":\"[sandbox]"),
            ("detailText=text", conversationPath, "", "\"text\":\"[sandbox]"),
            ("detailText=empty", conversationPath, "", "\"transcriptText\":null"),
            (
                "timeline=unsorted", "/nxhub/conversations/timeline/device-id-here?\(stretch)", "",
                "[{\"minuteStartMs\":1778401740000"
            ),
            (
                "timeline=nullText", "/nxhub/conversations/timeline/device-id-here?\(stretch)", "",
                "false,\"vadSpeechDurationMs\":"
            ),
            ("timeline=400", "/nxhub/conversations/timeline/device-id-here?\(stretch)", "", "400"),
            (
                "preview=allSilent", "/nxhub/conversations/create/preview?deviceId=device-id-here&\(stretch)", "",
                "\"speechMinutes\":0"
            ),
            ("preview=400", "/nxhub/conversations/create/preview?deviceId=device-id-here&\(stretch)", "", "400"),
            ("create=failure200", "POST /nxhub/conversations/create", creation, "200 {\"success\":false,\"message\":"),
            ("create=failure400", "POST /nxhub/conversations/create", creation, "400 {\"success\":false,\"message\":"),
            ("create=withoutId", "POST /nxhub/conversations/create", creation, "200 {\"success\":true}"),
            ("complete=failure200", "POST \(conversationPath)/complete", "", "200 {\"success\":false"),
            ("timeUnit=s", labelPath, "", "\"fromTime\":1778407200,"),
            ("timeUnit=iso", labelPath, "", "\"fromTime\":\"2026-05-10T10:00:00Z\""),
            ("throttle=429", "/auth/me", "", "429"), ("throttle=429RetryAfter", "/auth/me", "", "429"),
            ("transport=html", "/auth/me", "", "200 <html>"), ("transport=204", "/auth/me", "", "204"),
            ("transport=redirect", "/auth/me", "", "302"),
            ("transport=slow", "/auth/me", "", "200 {\"organizationId\""),
            ("audio=m4a", labelPath + "/audio", "", "ftypM4A"), ("audio=404", labelPath + "/audio", "", "404"),
            ("audio=redirect", labelPath + "/audio", "", "302"),
        ]
    )
    func shows(fault: String, call: String, json: String, expected: String) async throws {
        try await withSandbox(faults: ["nxvet.\(fault)"]) { (server) async throws in
            let words = call.split(separator: " ")
            let method = words.count == 2 ? String(words[0]) : "GET"
            let reply = try await nxVET(server, method, String(words.last ?? ""), json: json)
            #expect("\(reply.status) \(reply.body)".contains(expected), "\(fault): \(reply.status) \(reply.body)")
            #expect(server.violations == [])
        }
    }

    @Test(
        "A lost answer is lost; what it was for has happened, or not",
        arguments: [
            ("aggregate=dropAfterStore", "/labels/aggregate", aggregate, 1),
            ("create=dropAfterStore", "/nxhub/conversations/create", creation, 1),
            ("lambda=reset", "\(labelPath)/lambda?medicalTemplateId=template-id-here", "", 0),
            ("transport=reset", "/labels/aggregate", aggregate, 1),
        ]
    )
    func lost(fault: String, path: String, json: String, count: Int) async throws {
        try await withSandbox(faults: ["nxvet.\(fault)"]) { (server) async throws in
            await #expect(throws: (any Error).self) { try await nxVET(server, "POST", path, json: json) }
            let tally = server.nxVETTally
            #expect(tally.records + tally.conversations + tally.regenerations == count)
        }
    }

    @Test("A regeneration that hangs has begun, and one is one run")
    func hang() async throws {
        try await withSandbox(faults: ["nxvet.lambda=hang@1"]) { (server) async throws in
            let client = try await RawClient.connect(to: server.port)
            let path = "/api\(labelPath)/lambda?medicalTemplateId=template-id-here"
            let headers = ["Authorization: Bearer \(SandboxCredentials.nxVETKey)"]
            try await client.send(httpRequest("POST", path, headers: headers))
            while server.nxVETTally.regenerations == 0 { _ = try await nxVET(server, "/auth/me") }
            try await client.close()
            #expect(server.nxVETTally.regenerations == 1)
        }
    }

    @Test("The total is missing, wrong, or another on every page")
    func totals() async throws {
        for (value, expected) in [
            ("present", ["27", "27"]), ("missing", []), ("wrong", ["13", "13"]), ("changing", ["28", "29"]),
        ] {
            try await withSandbox(faults: ["nxvet.totalCount=\(value)"]) { (server) async throws in
                var totals: [String] = []
                for _ in 0..<2 {
                    if let total = try await nxVET(server, Self.labels).headers["x-total-count"] {
                        totals.append(total)
                    }
                }
                #expect(totals == expected)
            }
        }
    }

    @Test("A key expires in the middle, a token repeats, and content is cut off")
    func rest() async throws {
        try await withSandbox(faults: ["nxvet.auth=expired"]) { (server) async throws in
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await nxVET(server, "/auth/me").status) }
            #expect(statuses == [200, 200, 401])
        }
        try await withSandbox(faults: ["nxvet.paging=repeatedToken"]) { (server) async throws in
            let first = try await nxVETValue(server, Self.conversations)["nextPageToken"]?.string ?? ""
            let second = try await nxVETValue(server, Self.conversations + "&pageToken=\(first)")["nextPageToken"]
            #expect(second?.string == first)
        }
        try await withSandbox(faults: ["nxvet.noteContent=truncated"]) { (server) async throws in
            let content = try await nxVETValue(server, labelPath)["ownedPatientNotes"]?.array?.first?["content"]?.string
            #expect((try? JSONValue(parsing: content ?? "")) == nil)
            #expect(content?.hasPrefix("{") == true)
        }
        let faults = ["nxvet.timeline=missingMinutes", "nxvet.preview=overLimitAccepted"]
        try await withSandbox(faults: faults) { (server) async throws in
            let minutes = try await nxVETValue(server, "/nxhub/conversations/timeline/device-id-here?\(stretch)")
            #expect(minutes["minutes"]?.array?.count == 20)
            let path =
                "/nxhub/conversations/create/preview?deviceId=device-id-here&startMs=1778400000000&endMs=1778410800000"
            #expect(try await nxVET(server, path).status == 200)
        }
    }

    @Test("A completion ends as it is told, or says that it was before")
    func completions() async throws {
        for (value, status) in [("202", 202), ("504", 504), ("alreadyDone", 200)] {
            for outcome in ["COMPLETED", "FAILED", "FILTERED", "stuckPROCESSING"] {
                try await withSandbox(
                    faults: ["nxvet.complete=\(value)", "nxvet.outcome=\(outcome)"],
                    configure: { ($0.pendingTime, $0.processingTime) = (.zero, .zero) }
                ) { (server) async throws in
                    let made = try await nxVET(server, "POST", "/nxhub/conversations/create", json: Self.creation).body
                    let id = try JSONValue(parsing: made)["conversation"]?["conversationId"]?.string ?? ""
                    let path = "/nxhub/conversations/device-id-here/\(id)"
                    #expect(try await nxVET(server, "POST", path + "/complete").status == status)
                    let shown = try await nxVETValue(server, path)["status"]?.string
                    #expect(shown == (outcome.hasPrefix("stuck") ? "PROCESSING" : outcome))
                }
            }
        }
    }
}
