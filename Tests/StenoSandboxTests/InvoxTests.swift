import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("Invox stand-in", .timeLimit(.minutes(1)))
struct InvoxTests {
    private func tokenRequest(key: String = SandboxCredentials.invoxAPIKey, body: String = "{}") -> String {
        let pair = Base64.encode(Array("\(SandboxCredentials.invoxAppID):\(key)".utf8))
        let headers = ["Authorization: Basic \(pair)", "Content-Type: application/json"]
        return httpRequest("POST", "/oauth/token", headers: headers, body: body)
    }

    private func token(_ server: SandboxServer, key: String = SandboxCredentials.invoxAPIKey) async throws -> String {
        let reply = try await request(server.port, self.tokenRequest(key: key))
        return try JSONValue(parsing: reply.body)["accessToken"]?.string ?? ""
    }

    private func summary(
        _ server: SandboxServer,
        token: String,
        body: String,
        version: String? = "2026-03-01"
    ) async throws -> RawClient.Response {
        var headers = ["Content-Type: application/json", "Authorization: Bearer \(token)"]
        if let version { headers.append("X-Invox-Medical-Api-Version: \(version)") }
        let path = "/api/v1/generate-consultation-summary"
        return try await request(server.port, httpRequest("POST", path, headers: headers, body: body))
    }

    private func order(_ transcript: String, _ format: String = "SUMMARY", _ language: String = "en") -> String {
        #"{"transcript":"\#(transcript)","outputFormat":"\#(format)","outputLanguage":"\#(language)"}"#
    }

    @Test("A summary is text, a SOAP note four fields, both made of the transcript that was sent")
    func bothForms() async throws {
        try await withSandbox { server in
            let token = try await self.token(server)
            let text = try JSONValue(
                parsing: try await self.summary(server, token: token, body: self.order("One two. Three.")).body
            )
            #expect(
                text["clinicalNote"]?.string == "[sandbox] A consultation of 3 words, which begins: One two. Three."
            )
            #expect(text["generationTime"]?.double == 0)
            let soap = try JSONValue(
                parsing: try await self.summary(
                    server,
                    token: token,
                    body: self.order("One. Two. Three. Four. Five.", "SOAP_TEMPLATE", "nl")
                ).body
            )
            let fields = soap["clinicalNote"]?["fields"]?.array ?? []
            #expect(fields.map { $0["name"]?.string } == ["Subjective", "Objective", "Assessment", "Plan"])
            #expect(
                fields.map { $0["value"]?.string }
                    == ["[sandbox] One. Two.", "[sandbox] Three.", "[sandbox] Four.", "[sandbox] Five."]
            )
            #expect(server.invoxGenerations(of: "One two. Three.") == 1)
            #expect(server.violations == [])
        }
    }

    @Test("Checks come in the contract's order, with three s in the message")
    func order400() async throws {
        try await withSandbox { server in
            let good = try await self.token(server)
            let poor = try await self.token(server, key: SandboxCredentials.invoxAPIKeyWithoutPermission)
            let none = "not json"
            #expect(try await self.summary(server, token: "other", body: none).status == 401)
            #expect(try await self.summary(server, token: poor, body: none).status == 403)
            let table: [(String, String?)] = [
                (none, nil),
                (self.order("a", "OTHER", "xx"), "invalidOutputFormat"),
                (#"{"transcript":"a","outputFormat":"SUMMARY"}"#, "missingOutputLanguage"),
                (self.order("", "SUMMARY", "xx"), "invalidLanguage"),
                (self.order(" "), nil),
            ]
            for (body, type) in table {
                let reply = try await self.summary(server, token: good, body: body)
                let error = try JSONValue(parsing: reply.body)
                #expect(reply.status == 400)
                #expect(error["messsage"]?.string?.isEmpty == false)
                #expect(error["message"] == nil)
                #expect(error["errorType"]?.string == type)
            }
        }
    }

    @Test("A wrong pair or language is no violation; a missing credential, version or field is")
    func violations() async throws {
        try await withSandbox { server in
            #expect(try await request(server.port, self.tokenRequest(key: "other")).status == 401)
            let token = try await self.token(server)
            _ = try await self.summary(server, token: token, body: self.order("a", "SUMMARY", "xx"))
            #expect(server.violations == [])
            _ = try await self.summary(server, token: token, body: self.order("a"), version: nil)
            #expect(server.violations.map(\.rule) == ["IA-3"])
            _ = try await request(server.port, self.tokenRequest(body: "x"))
            _ = try await request(server.port, httpRequest("POST", "/api/v1/generate-consultation-summary"))
            _ = try await request(server.port, httpRequest("POST", "/api/v1/other"))
            #expect(server.violations.map(\.rule) == ["IA-3", "IA-1", "3.1", "3"])
        }
    }

    @Test("A token is good for two hours")
    func expiry() async throws {
        let time = Clock()
        try await withSandbox(configure: { $0.clock = { time.now } }) { server in
            let token = try await self.token(server)
            time.advance(by: .seconds(7_199))
            #expect(try await self.summary(server, token: token, body: self.order("a")).status == 200)
            time.advance(by: .seconds(1))
            #expect(try await self.summary(server, token: token, body: self.order("a")).status == 401)
        }
    }

    @Test("An answer that is lost after the work counts as a generation, one lost before it does not")
    func lostAnswers() async throws {
        let faults = ["invox.connection=cutBeforeWork@1", "connection=cutAfterWork@2", "connection=cutMidResponse@3"]
        try await withSandbox(faults: faults) { server in
            let token = try await self.token(server)
            for expected in [0, 1, 2] {
                await #expect(throws: (any Error).self) {
                    try await self.summary(server, token: token, body: self.order("a"))
                }
                #expect(server.invoxGenerations(of: "a") == expected)
            }
        }
    }

    @Test(
        "Each fault of the summary answers as it says",
        arguments: [
            ("401", 401), ("404", 404), ("413", 413), ("422", 422), ("429", 429), ("429-retry-after", 429),
            ("500", 500),
            ("502", 502), ("503", 503), ("504", 504), ("400", 400), ("invalidLanguage", 400),
        ]
    )
    func statusFaults(_ value: String, _ status: Int) async throws {
        try await withSandbox(faults: ["summaryStatus=\(value)@1"]) { server in
            let token = try await self.token(server)
            #expect(try await self.summary(server, token: token, body: self.order("a")).status == status)
            #expect(try await self.summary(server, token: token, body: self.order("a")).status == 200)
        }
    }

    @Test("The note takes the form a switch says")
    func noteShapes() async throws {
        func note(_ shape: String) async throws -> JSONValue? {
            var note: JSONValue?
            try await withSandbox(faults: [shape]) { server in
                let token = try await self.token(server)
                let reply = try await self.summary(server, token: token, body: self.order("a", "SOAP_TEMPLATE"))
                note = try JSONValue(parsing: reply.body)["clinicalNote"]
            }
            return note
        }
        #expect(try await note("noteShape=swapped")?.string != nil)
        #expect(try await note("noteShape=array")?.array?.count == 4)
        #expect(try await note("soapFields=3")?["fields"]?.array?.count == 3)
        #expect(try await note("soapFields=5")?["fields"]?.array?.count == 5)
        #expect(try await note("noteShape=null") == .null)
        #expect(try await note("noteShape=missing") == nil)
    }
}
