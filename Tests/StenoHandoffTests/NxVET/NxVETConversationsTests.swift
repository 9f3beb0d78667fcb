import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: conversations")
struct NxVETConversationsTests {
    @Test("Rows are taken from wherever they are (NC-4)", arguments: ["items", "conversations", "data"])
    func shapes(name: String) async throws {
        let body = #"""
            {"\#(name)":[{"conversationId":"c1","deviceId":"d","status":"active","createdAt":1778400000},{"id":"c2"},{}],
            "hasMore":true,"nextPageToken":"t 1"}
            """#
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
            let list = try await fixture.client.conversations(status: .active, pageSize: 5, pageToken: "a/b")
            #expect(list.conversations.map(\.id) == ["c1", "c2"])
            #expect(list.conversations.first?.status == .known(.active))
            #expect(list.conversations.first?.made?.description == "2026-05-10T08:00:00Z")
            #expect(list.nextPageToken == "t 1")
            #expect(
                server.requests.first?.target
                    == "/api/nxhub/conversations?organizationId=org%2F1&status=ACTIVE&pageSize=5&pageToken=a%2Fb"
            )
        }
    }

    /// Three pages of two; `next` gives the token after each.
    private static func page(_ request: LoopbackRequest, next: (Int) -> String) -> LoopbackAnswer {
        let token = request.target.split(separator: "&").first { $0.hasPrefix("pageToken=") }.map { $0.dropFirst(10) }
        let page = token.flatMap { Int($0) } ?? 0
        let rows = page > 2 ? "" : #"{"id":"c\#(page * 2)"},{"id":"c\#(page * 2 + 1)"}"#
        return .json(#"{"items":[\#(rows)],"hasMore":\#(page < 2),"nextPageToken":\#(next(page))}"#)
    }

    @Test("All pages are read, with the same filters on each (NC-11)")
    func all() async throws {
        try await NxVETFixture.run({ Self.page($0) { #""\#($0 + 1)""# } }) { fixture, server in
            let list = try await fixture.client.allConversations(pageSize: 2)
            #expect(list.conversations.map(\.id) == (0..<6).map { "c\($0)" })
            #expect(!list.isCutShort)
            #expect(server.requests.count == 3)
        }
        try await NxVETFixture.run({ _ in .json(#"{"items":[]}"#) }) { fixture, server in
            _ = try await fixture.client.allConversations(status: .failed)
            #expect(server.requests.allSatisfy { $0.target.contains("status=FAILED") })
        }
    }

    @Test(
        "A token that repeats or is missing ends the list, which is said to be cut short",
        arguments: [#""1""#, "null"]
    )
    func cutShort(token: String) async throws {
        try await NxVETFixture.run({ Self.page($0) { _ in token } }) { fixture, server in
            let list = try await fixture.client.allConversations()
            #expect(list.isCutShort)
            #expect(list.conversations.count == (token == "null" ? 2 : 4))
            #expect(server.requests.count <= 2)
        }
    }

    @Test("An empty page with more behind it is no end, and a list without end is left")
    func emptyPages() async throws {
        try await NxVETFixture.run({ request in
            request.number == 1
                ? .json(#"{"items":[],"hasMore":true,"nextPageToken":"x"}"#) : .json(#"{"items":[{"id":"c"}]}"#)
        }) { fixture, _ in
            let list = try await fixture.client.allConversations()
            #expect(list.conversations.map(\.id) == ["c"])
        }
        try await NxVETFixture.run({ request in
            .json(#"{"items":[],"hasMore":true,"nextPageToken":\#(request.number)}"#)
        }) { fixture, server in
            let list = try await fixture.client.allConversations()
            #expect(list.isCutShort)
            #expect(server.requests.count == NxVETFixture.maximumPages)
        }
    }

    @Test("A token that has expired begins the list anew, once", arguments: [400, 410])
    func expired(status: Int) async throws {
        try await NxVETFixture.run({ request in
            request.number == 2 ? .reply(status: status) : Self.page(request) { #""\#($0 + 1)""# }
        }) { fixture, server in
            let list = try await fixture.client.allConversations()
            #expect(list.conversations.map(\.id) == (0..<6).map { "c\($0)" })
            #expect(server.requests.count == 5)
        }
        try await NxVETFixture.run({ request in
            request.number % 2 == 0 ? .reply(status: status) : Self.page(request) { #""\#($0 + 1)""# }
        }) { fixture, _ in
            await expectError(.rejected) { _ = try await fixture.client.allConversations() }
        }
    }

    @Test(
        "A transcript is found under every name that was seen, the documented one first (NC-5)",
        arguments: ["transcriptText", "transcript", "transcription", "text", "notes", "content"]
    )
    func texts(name: String) async throws {
        let body =
            #"{"conversationId":"c","status":"Completed","speechMinuteCount":2.5,"\#(name)":"Hello.","content":"x"}"#
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, server in
            let conversation = try await fixture.client.conversation("c", on: "d/1")
            #expect(conversation.transcript == "Hello.")
            #expect(conversation.status == .known(.completed))
            #expect(conversation.speechMinutes == 2.5)
            #expect(server.requests.first?.target == "/api/nxhub/conversations/d%2F1/c")
        }
    }

    @Test("No text is no transcript, and an unknown status is in progress", arguments: ["null", #""""#, #"" ""#, "7"])
    func pending(text: String) async throws {
        let body = #"{"conversationId":"c","status":"NOVEL","transcriptText":\#(text)}"#
        try await NxVETFixture.run({ _ in .json(body) }) { fixture, _ in
            let conversation = try await fixture.client.conversation("c", on: "d")
            #expect(conversation.transcript == nil)
            #expect(conversation.status == .unknown("NOVEL"))
            #expect(!conversation.status.isTerminal)
        }
    }

    @Test("A device that is not known by its id is tried by its serial number, once (NA-2)")
    func serial() async throws {
        let devices = #"[{"value":"d1","displayName":"Room 1","serial":"NX-1"}]"#
        for name in ["d1", "NX-1", "Room 1"] {
            let right = name == "d1" ? "NX-1" : "d1"
            try await NxVETFixture.run({ request in
                if request.target.hasPrefix("/api/devices") { return .json(devices) }
                return request.target.hasSuffix("/\(right)/c") ? .json(#"{"id":"c"}"#) : .reply(status: 404)
            }) { fixture, server in
                let conversation = try await fixture.client.conversation("c", on: name)
                #expect(conversation.id == "c")
                #expect(server.requests.count == 3)
            }
        }
        try await NxVETFixture.run({ request in
            request.target.hasPrefix("/api/devices") ? .json(devices) : .reply(status: 404)
        }) { fixture, server in
            let error = await expectError(.rejected) { _ = try await fixture.client.conversation("c", on: "d1") }
            #expect(error?.status == 404)
            #expect(server.requests.count == 3)
        }
    }
}
