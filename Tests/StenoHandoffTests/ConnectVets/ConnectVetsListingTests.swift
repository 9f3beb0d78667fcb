import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("ConnectVets: listing")
struct ConnectVetsListingTests {
    /// `count` notes in pages of 100, in one of the shapes that were seen.
    private static func page(_ request: LoopbackRequest, shape: String, count: Int) -> LoopbackAnswer {
        let page = request.target.split(separator: "?").last?.split(separator: "&").first { $0.hasPrefix("page=") }
        let number = page.flatMap { Int($0.dropFirst(5)) } ?? 1
        let rows = (((number - 1) * 100)..<max((number - 1) * 100, min(number * 100, count)))
            .map { #"{"id":"n\#($0)","external_id":"e"}"# }.joined(separator: ",")
        let pages = (count + 99) / 100
        return switch shape {
        case "dataMeta":
            .json(
                #"{"data":[\#(rows)],"meta":{"total":\#(count),"page":\#(number),"limit":100,"total_pages":\#(pages)}}"#
            )
        case "dataPagination":
            .json(#"{"data":[\#(rows)],"pagination":{"current_page":\#(number),"total_pages":\#(pages)}}"#)
        case "notesPagination":
            .json(#"{"notes":[\#(rows)],"pagination":{"current_page":\#(number),"total_pages":\#(pages)}}"#)
        default: .json("[\(rows)]")
        }
    }

    @Test(
        "250 notes come whole in every shape of a list",
        arguments: ["dataMeta", "dataPagination", "notesPagination", "rootArray"]
    )
    func pages(shape: String) async throws {
        try await ConnectVetsFixture.run({ Self.page($0, shape: shape, count: 250) }) { fixture in
            let notes = try await fixture.client.notes(externalID: "e f&g")
            #expect(notes.map(\.id) == (0..<250).map { "n\($0)" })
            #expect(
                fixture.server.requests.first?.target
                    == "/notes/v1/notes?page=1&limit=100&per_page=100&external_id=e%20f%26g"
            )
            #expect(fixture.server.requests.count == (shape == "rootArray" ? 4 : 3))
        }
    }

    @Test("A list that repeats itself, and one that never ends, are left")
    func endless() async throws {
        try await ConnectVetsFixture.run({ _ in .json(#"[{"id":"same"}]"#) }) { fixture in
            let found = try await fixture.client.notes(externalID: "e")
            #expect(found.map(\.id) == ["same"])
            #expect(fixture.server.requests.count == 2)
        }
        try await ConnectVetsFixture.run({ .json(#"[{"id":"n\#($0.number)"}]"#) }) { fixture in
            let found = try await fixture.client.notes(externalID: "e")
            #expect(found.count == ConnectVetsClient.maximumPages)
        }
    }

    @Test(
        "An empty list, and rows that are no notes, give none",
        arguments: ["[]", #"{"data":[]}"#, #"{"data":[1,{},null]}"#]
    )
    func empty(body: String) async throws {
        try await ConnectVetsFixture.run({ _ in .json(body) }) { fixture in
            let found = try await fixture.client.notes(externalID: "e")
            #expect(found.isEmpty)
        }
    }

    @Test("A delivery is found by its own mark only: the person's reference may be the same for many visits")
    func byMark() async throws {
        let mark = NoteUpload.mark
        let rows = #"""
            {"id":"other","external_id":"visit 7","metadata":[{"key":"steno_delivery","value":"someone else"}]},
            {"id":"none","external_id":"visit 7","metadata":[]},
            {"id":"second","created_at":"2026-01-02","metadata":{"steno_delivery":"\#(mark.delivery.uppercased())"}},
            {"id":"first","created_at":"2026-01-01","metadata":{"steno_delivery":"\#(mark.delivery)"}},
            {"id":"short","external_id":"visit 7"},{"id":"stranger","external_id":"visit 8"}
            """#
        try await ConnectVetsFixture.run({ request in
            if request.target.hasSuffix("/short") {
                return .json(#"{"id":"short","metadata":[{"key":"steno_delivery","value":"\#(mark.delivery)"}]}"#)
            }
            return .json(#"{"data":[\#(rows)],"meta":{"total_pages":1}}"#)
        }) { fixture in
            let found = try await fixture.client.notes(of: mark)
            #expect(Set(found.map(\.id)) == ["first", "second", "short"])
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test("When our UUID is the reference itself, a short row is proof enough")
    func byUUID() async throws {
        let mark = DeliveryMark(delivery: "u-1")
        let rows = #"[{"id":"a","external_id":"u-1"},{"id":"b","external_id":"x"}]"#
        try await ConnectVetsFixture.run({ _ in .json(rows) }) { fixture in
            let found = try await fixture.client.notes(of: mark)
            #expect(found.map(\.id) == ["a"])
        }
    }
}
