import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: devices and labels")
struct NxVETLabelsTests {
    @Test(
        "Devices come under either pair of names, bare or wrapped (NC-6)",
        arguments: [
            #"[{"value":"d1","displayName":"Room 1","serial":"NX-1"},{"value":"d2","serial":"NX-2"}]"#,
            #"{"data":[{"id":"d1","friendlyName":"Room 1","serial":"NX-1"},{"id":"d2","serial":"NX-2"},{},7]}"#,
        ]
    )
    func devices(body: String) async throws {
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
            let devices = try await fixture.client.devices()
            #expect(devices.map(\.id) == ["d1", "d2"])
            #expect(devices.map(\.name) == ["Room 1", "NX-2"])
            #expect(devices.map(\.serial) == ["NX-1", "NX-2"])
            let request = try #require(server.requests.first)
            #expect(request.target == "/api/devices?organizationId=org%2F1&limit=200")
            #expect(request.value("authorization") == "Bearer nxvet_sk_canary")
        }
    }

    @Test("The base has /api exactly once, however it was written (NC-1)", arguments: ["", "/", "/api", "/api/api/"])
    func base(path: String) async throws {
        try await LoopbackServer.run({ _ in .json("[]") }) { server in
            let transport = HTTPTransport()
            let client = NxVETClient(
                .init(base: try ServiceURL(server.url + path), apiKey: .init("k"), organisationID: "o"),
                transport: transport
            )
            _ = try await client.devices()
            await transport.shutdown()
            #expect(server.requests.first?.target.hasPrefix("/api/devices?") == true)
        }
    }

    /// Rows of a service that has `count`, as far as a request asks for them.
    private static func page(_ request: LoopbackRequest, count: Int, largest: Int = 1_000) -> String {
        func number(_ name: String) -> Int {
            let items = request.target.split(separator: "?").last?.split(separator: "&") ?? []
            return items.first { $0.hasPrefix("\(name)=") }.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
        }
        let start = min(number("offset"), count)
        let end = min(start + min(number("limit"), largest), count)
        return "["
            + (start..<end).map { #"{"id":"l\#($0)","type":"A","ownedPatientNotes":null}"# }.joined(separator: ",")
            + "]"
    }

    @Test("One page is what is asked for, and says where the next begins")
    func onePage() async throws {
        try await NxVETFixture.run({ request in
            .json(Self.page(request, count: 27), headers: [("X-Total-Count", "27")])
        }) { fixture, server in
            let query = LabelQuery(patientSearch: "Luna & Max", sorting: .patient, isDescending: false, limit: 10)
            let list = try await fixture.client.labels(query)
            #expect(list.labels.count == 10)
            #expect(list.total == 27)
            #expect(list.nextOffset == 10)
            #expect(
                server.requests.first?.target
                    == "/api/organizations/org%2F1/labels?limit=10&offset=0&sortingProperty=Patient"
                    + "&isSortingDescending=false&patientSearch=Luna%20%26%20Max"
            )
            let last = try await fixture.client.labels(LabelQuery(limit: 10, offset: 20))
            #expect(last.nextOffset == nil)
        }
    }

    @Test(
        "All labels come whole, whatever the total says and however small a page is (NA-4)",
        arguments: ["27", "13", "30", "", "many"],
        [1_000, 7]
    )
    func all(total: String, largest: Int) async throws {
        try await NxVETFixture.run({ request in
            .json(
                Self.page(request, count: 27, largest: largest),
                headers: total.isEmpty ? [] : [("x-total-count", total)]
            )
        }) { fixture, server in
            // A short page and a total that is too small cannot be told from the end.
            guard largest > 10 || total != "13" else { return }
            let list = try await fixture.client.allLabels(LabelQuery(limit: 10))
            #expect(list.labels.map(\.id) == (0..<27).map { "l\($0)" })
            #expect(list.nextOffset == nil)
            #expect(server.requests.count <= 6)
        }
    }

    @Test("A list that grows while it is read gives every row once, and one that never ends is left")
    func growing() async throws {
        try await NxVETFixture.run({ request in
            let shift = request.number - 1
            let start = min((request.number - 1) * 10 - shift, 25)
            let rows = (start..<min(start + 10, 25)).map { #"{"id":"l\#($0)"}"# }
            return .json("[\(rows.joined(separator: ","))]")
        }) { fixture, _ in
            let list = try await fixture.client.allLabels(LabelQuery(limit: 10))
            #expect(list.labels.map(\.id) == (0..<25).map { "l\($0)" })
        }
        try await NxVETFixture.run({ .json(#"[{"id":"l\#($0.number)"}]"#) }) { fixture, server in
            let list = try await fixture.client.allLabels(LabelQuery(limit: 1))
            #expect(list.labels.count == NxVETFixture.maximumPages)
            #expect(list.nextOffset == NxVETFixture.maximumPages)
            #expect(server.requests.count == NxVETFixture.maximumPages)
        }
        try await NxVETFixture.run({ _ in .json(#"[{"id":"same"}]"#) }) { fixture, server in
            let list = try await fixture.client.allLabels(LabelQuery(limit: 1))
            #expect(list.labels.count == 1)
            #expect(server.requests.count == 2)
        }
    }

    @Test("Several types are sent with a comma, and in the other form only when that gives nothing (NC-2)")
    func types() async throws {
        try await NxVETFixture.run({ request in
            .json(request.target.contains("types=A&types=B") ? #"[{"id":"1","type":"B"},{"id":"2","type":"C"}]"# : "[]")
        }) { fixture, server in
            let query = LabelQuery(types: ["A", "B"])
            let first = try await fixture.client.labels(query)
            #expect(first.labels.map(\.id) == ["1"])
            #expect(server.requests.map { $0.target.contains("types=A%2CB") } == [true, false])
            _ = try await fixture.client.labels(query)
            #expect(server.requests.count == 3)
            #expect(!server.requests.contains { $0.target.contains("types%5B%5D") || $0.target.contains("types[]") })
        }
        try await NxVETFixture.run({ _ in .json("[]") }) { fixture, server in
            _ = try await fixture.client.labels(LabelQuery(types: ["A"]))
            #expect(server.requests.count == 1)
        }
    }

    @Test("Types and devices are compared here as well, because a service may ignore a filter (NC-21)")
    func localFilters() async throws {
        let rows = #"""
            [{"id":"1","type":"A","deviceSerial":"NX-1"},{"id":"2","type":"B","friendlyName":"nx-1"},{"id":"3","type":"A"}]
            """#
        try await NxVETFixture.run({ _ in .json(rows) }) { fixture, server in
            let typed = try await fixture.client.labels(LabelQuery(types: ["a"]))
            #expect(typed.labels.map(\.id) == ["1", "3"])
            let heard = try await fixture.client.labels(LabelQuery(device: "NX-1"))
            #expect(heard.labels.map(\.id) == ["1", "2"])
            #expect(server.requests.last?.target.contains("NX-1") == false)
        }
    }

    @Test("No content at all is an empty list")
    func empty() async throws {
        try await NxVETFixture.run({ _ in .bytes("HTTP/1.1 204 No Content\r\n\r\n") }) { fixture, _ in
            let labels = try await fixture.client.allLabels(LabelQuery())
            let devices = try await fixture.client.devices()
            #expect(labels.labels.isEmpty && devices.isEmpty)
        }
    }
}
