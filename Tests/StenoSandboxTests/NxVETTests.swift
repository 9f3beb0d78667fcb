import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("NxVET stand-in", .timeLimit(.minutes(1)))
struct NxVETTests {
    @Test("Every documented call answers, and breaks no contract")
    func calls() async throws {
        let aggregate =
            #"{"LabelIds":["019e1234-5678-7000-abcd-123456789abc"],"PatientId":"p","MedicalTemplateId":"template-id-here"}"#
        let calls = [
            ("GET", "/devices?organizationId=\(organisation)&limit=200", "", 200),
            ("GET", "/organizations/\(organisation)/labels?types=NxHubBatch&types=DictationAudio", "", 200),
            ("GET", labelPath, "", 200), ("POST", labelPath + "/assign", #"{"patientId":"p"}"#, 200),
            ("GET", "/organizations/\(organisation)/medical-templates", "", 200),
            ("POST", "/labels/aggregate", aggregate, 201),
            ("POST", labelPath + "/lambda?medicalTemplateId=template-id-here", "", 504),
            ("GET", "/nxhub/conversations?organizationId=\(organisation)&status=ACTIVE&pageSize=20", "", 200),
            ("GET", conversationPath, "", 200),
            ("GET", "/nxhub/conversations/timeline/device-id-here?\(stretch)", "", 200),
            ("GET", "/nxhub/conversations/create/preview?deviceId=device-id-here&\(stretch)", "", 200),
            (
                "POST", "/nxhub/conversations/create",
                #"{"deviceId":"device-id-here","startMs":1778400000000,"endMs":1778401800000}"#, 200
            ),
            ("POST", conversationPath + "/complete", "", 200), ("GET", "/auth/me", "", 200),
            ("GET", "/auth/introspect-org", "", 200), ("GET", labelPath + "/audio", "", 200),
        ]
        try await withSandbox { (server) async throws in
            for (method, path, json, status) in calls {
                let reply = try await nxVET(server, method, path, json: json)
                #expect(reply.status == status, "\(method) \(path): \(reply.body)")
            }
            #expect(server.violations == [])
            #expect(server.journal.requests(.nxVET).count == calls.count)
        }
    }

    @Test("A key that is wrong is refused, one that is not sent as documented is a violation")
    func keys() async throws {
        try await withSandbox { (server) async throws in
            #expect(try await nxVET(server, "/auth/me", key: "nxvet_sk_other").status == 401)
            #expect(try await nxVET(server, "/organizations/other/labels").status == 403)
            #expect(server.violations == [])
            let header = ["X-API-Key: \(SandboxCredentials.nxVETKey)"]
            #expect(try await nxVET(server, "/auth/me", key: nil, headers: header).status == 401)
            #expect(server.violations.map(\.rule) == ["1", "1"])
        }
    }

    @Test(
        "What no right client sends is refused and recorded",
        arguments: [
            ("GET", "/api/devices", "", 404), ("GET", "/other", "", 404), ("POST", "/devices", "", 405),
            ("GET", "/devices?organizationId=x&page=1", "", 400), ("GET", "/devices", "", 400),
            ("GET", "/organizations/\(organisation)/labels?sortingProperty=Age", "", 400),
            ("GET", "/organizations/\(organisation)/labels?isSortingDescending=True", "", 400),
            ("GET", "/organizations/\(organisation)/labels?limit=0", "", 400),
            ("GET", "/organizations/\(organisation)/labels?limit=1&limit=2", "", 400),
            ("GET", "/organizations/\(organisation)/labels?types%5B%5D=A", "", 200),
            ("POST", labelPath + "/assign", #"{"PatientId":"p"}"#, 400), ("POST", labelPath + "/assign", "{", 400),
            ("POST", "/labels/aggregate", #"{"labelIds":["a"],"patientId":"p","medicalTemplateId":"t"}"#, 400),
            (
                "POST", "/labels/aggregate",
                #"{"LabelIds":["1","2","3","4","5","6"],"PatientId":"p","MedicalTemplateId":"t"}"#, 400
            ),
            ("POST", labelPath + "/lambda", "", 400),
            ("GET", "/nxhub/conversations?organizationId=\(organisation)&status=Active", "", 400),
            ("GET", "/nxhub/conversations?organizationId=\(organisation)&pageSize=0", "", 400),
            ("GET", "/nxhub/conversations/timeline/device-id-here?startMs=1778400000000&endMs=1778421600001", "", 400),
            ("GET", "/nxhub/conversations/timeline/device-id-here?startMs=9&endMs=1", "", 400),
            (
                "GET",
                "/nxhub/conversations/create/preview?deviceId=device-id-here&startMs=1778400000000&endMs=1778405400001",
                "", 400
            ),
            (
                "POST", "/nxhub/conversations/create",
                #"{"deviceId":"device-id-here","startMs":1778400000000,"endMs":1778405460000}"#, 200
            ),
            ("GET", labelPath, "{}", 400),
        ]
    )
    func violations(_ method: String, _ path: String, _ json: String, _ status: Int) async throws {
        try await withSandbox { (server) async throws in
            let reply = try await nxVET(server, method, path, json: json)
            #expect(reply.status == status, "\(reply.body)")
            #expect(server.violations.count == 1)
        }
    }

    @Test("Labels are sorted, searched and counted, and rows have no notes")
    func list() async throws {
        try await withSandbox { (server) async throws in
            let path =
                "/organizations/\(organisation)/labels?limit=5&offset=2&patientSearch=lun&sortingProperty=FromTime"
            let reply = try await nxVET(server, path + "&isSortingDescending=true")
            let rows = try JSONValue(parsing: reply.body).array ?? []
            #expect(reply.headers["x-total-count"] == "7")
            #expect(rows.count == 5)
            #expect(rows.allSatisfy { $0["patient"]?["name"]?.string == "Luna" && $0["ownedPatientNotes"] == .null })
            let times = rows.compactMap { $0["fromTime"]?.int }
            #expect(times == times.sorted(by: >))
        }
    }

    @Test("Content comes with time, and a late recording hours after it was made")
    func time() async throws {
        let time = Clock()
        try await withSandbox(configure: { $0.clock = { time.now } }) { (server) async throws in
            let list = "/organizations/\(organisation)/labels?sortingProperty=FromTime&isSortingDescending=true&limit=1"
            let newest = try await nxVETValue(server, list).array?.first?["id"]?.string ?? ""
            #expect(try await nxVETValue(server, "/labels/\(newest)")["ownedPatientNotes"] == .array([]))
            time.advance(by: .seconds(120))
            let notes = try await nxVETValue(server, "/labels/\(newest)")["ownedPatientNotes"]?.array
            let content = try JSONValue(parsing: notes?.first?["content"]?.string ?? "")
            #expect(content["english_soap"]?.string?.hasPrefix("[sandbox]") == true)
            #expect(content["clinical_note"]?.string?.contains("Plan") == true)
            #expect(try await nxVET(server, list).headers["x-total-count"] == "27")
            time.advance(by: .hours(2))
            #expect(try await nxVET(server, list).headers["x-total-count"] == "28")
        }
    }

    @Test("A conversation goes through its states, and has a label at the end")
    func life() async throws {
        let time = Clock()
        try await withSandbox(configure: {
            $0.clock = { time.now }
            $0.pendingTime = .seconds(1)
            $0.processingTime = .seconds(5)
        }) { (server) async throws in
            let body = #"{"deviceId":"device-id-here","startMs":1778400000000,"endMs":1778401800000}"#
            let made = try JSONValue(
                parsing: try await nxVET(server, "POST", "/nxhub/conversations/create", json: body).body
            )
            let id = try #require(made["conversation"]?["conversationId"]?.string)
            let path = "/nxhub/conversations/device-id-here/\(id)"
            #expect(try await nxVETValue(server, path)["status"]?.string == "ACTIVE")
            #expect(try await nxVET(server, "POST", path + "/complete").body == #"{"success":true}"#)
            #expect(try await nxVETValue(server, path)["status"]?.string == "UPLOADED")
            time.advance(by: .seconds(1))
            #expect(try await nxVETValue(server, path)["status"]?.string == "PROCESSING")
            #expect(try await nxVETValue(server, path)["transcriptText"] == .null)
            time.advance(by: .seconds(5))
            let done = try await nxVETValue(server, path)
            #expect(done["status"]?.string == "COMPLETED")
            #expect(done["transcriptText"]?.string?.contains("[sandbox] Speech at 2026-05-10T08:01:00Z.") == true)
            let labels = try await nxVET(server, "/organizations/\(organisation)/labels")
            #expect(labels.headers["x-total-count"] == "28")
            #expect(try await nxVET(server, "POST", path + "/complete").body.contains(#""success":false"#))
            #expect(server.nxVETTally.completions == 1)
        }
    }

    @Test("Pages keep their filters, and a client that changes them is told")
    func pages() async throws {
        try await withSandbox { (server) async throws in
            let base = "/nxhub/conversations?organizationId=\(organisation)&pageSize=5"
            let first = try await nxVETValue(server, base + "&status=FAILED")
            #expect(first["items"]?.array?.count == 5)
            #expect(first["hasMore"] == true)
            let token = try #require(first["nextPageToken"]?.string)
            let last = try await nxVETValue(server, base + "&status=FAILED&pageToken=\(token)")
            #expect(last["items"]?.array?.count == 2)
            #expect(last["hasMore"] == false)
            #expect(server.violations == [])
            _ = try await nxVET(server, base + "&pageToken=\(token)")
            #expect(server.violations.map(\.rule) == ["NC-11"])
        }
    }
}
