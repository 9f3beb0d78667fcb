import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoWire
import Synchronization
import Testing

@Suite("ConnectVets: create")
struct ConnectVetsCreateTests {
    private static let created = #"{"data":{"id":"n1","transcription_status":"pending"},"meta":{}}"#
    /// Several chunks and a rest.
    private static let audio = (0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    @Test("The form has the documented parts in order, the audio byte for byte, and a known length")
    func form() async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ _ in .json(Self.created, status: 201) }) { fixture in
            let upload = NoteUpload.of(file, name: "Rex ü", metadata: [.init(key: "owner", value: "a \"b\"")])
            guard case .created(let note) = try await fixture.client.create(upload) else {
                Issue.record("not created")
                return
            }
            #expect(note.id == "n1")
            #expect(note.status == .pending)
            let request = try #require(fixture.server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/notes/v1/notes")
            #expect(request.values("x-api-key") == ["canary-cv-key"])
            #expect(request.values("content-length") == [String(request.body.count)])
            #expect(request.values("transfer-encoding") == [])
            let type = try #require(request.value("content-type"))
            let boundary = try #require(type.split(separator: "boundary=").last)
            #expect(type == "multipart/form-data; boundary=\(boundary)")
            let head = "--\(boundary)\r\nContent-Disposition: form-data; name="
            let metadata =
                #"[{"key":"owner","value":"a \"b\""},{"key":"steno_delivery","value":"\#(NoteUpload.mark.delivery)"}]"#
            let texts =
                "\(head)\"name\"\r\n\r\nRex ü\r\n\(head)\"external_id\"\r\n\r\nvisit 7\r\n"
                + "\(head)\"gender\"\r\n\r\nfemale\r\n\(head)\"metadata\"\r\n\r\n\(metadata)\r\n"
                + "\(head)\"audio\"; filename=\"recording.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
            #expect(request.body == Array(texts.utf8) + Self.audio + Array("\r\n--\(boundary)--\r\n".utf8))
        }
    }

    @Test("Progress grows to the whole request")
    func progress() async throws {
        let file = try TemporaryFile(Self.audio)
        let steps = Mutex<[Int64]>([])
        try await ConnectVetsFixture.run({ _ in .json(Self.created, status: 201) }) { fixture in
            var upload = NoteUpload.of(file)
            upload.onProgress = { sent, total in
                steps.withLock { $0.append(sent == total ? -1 : sent) }
            }
            _ = try await fixture.client.create(upload)
            let seen = steps.withLock { $0 }
            #expect(seen.last == -1)
            #expect(seen.dropLast() == seen.dropLast().sorted()[...])
            #expect(seen.count > 3)
        }
    }

    @Test(
        "Any success with an id is a note, in every envelope",
        arguments: [200, 201, 202],
        [
            #"{"data":{"id":"n1"},"meta":{}}"#, #"{"id":"n1","name":"x"}"#, #"{"data":{"id":"n1"},"status":"success"}"#,
            #"{"data":{"id":"n1"},"message":"ok"}"#, #"{"id":"n1","data":null}"#,
        ]
    )
    func envelopes(status: Int, body: String) async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ _ in .json(body, status: status) }) { fixture in
            guard case .created(let note) = try await fixture.client.create(.of(file)) else {
                Issue.record("not created")
                return
            }
            #expect(note.id == "n1")
        }
    }

    @Test(
        "From the first byte on, what is not a clear answer leaves the outcome unknown, and nothing is sent again",
        arguments: [
            LoopbackAnswer.close, .reply(status: 500), .reply(status: 502, body: "<html>canary-cv-key</html>"),
            .reply(status: 503, headers: [("Retry-After", "1")]), .reply(status: 504), .reply(status: 408),
            .reply(status: 201), .reply(status: 201, body: "<html>"), .json("{}", status: 201),
            .json(#"{"data":[]}"#, status: 201), .json(#"{"data":{"id":""}}"#, status: 201),
            .json(#"{"data":{"id":{"a":1}}}"#, status: 201),
            .bytes("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{\"data\":{\"id\":\"n1\""),
            .bytes("HTTP/1.1 2"), .bytes("nonsense\r\n\r\n"),
        ]
    )
    func unknown(answer: LoopbackAnswer) async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ _ in answer }) { fixture in
            guard case .unknown(let mark, let error) = try await fixture.client.create(.of(file)) else {
                Issue.record("known")
                return
            }
            #expect(mark == NoteUpload.mark)
            #expect(error.reason == .unknownOutcome)
            #expect(!"\(error)\(String(reflecting: error))".contains("canary"))
            #expect(fixture.server.requests.count == 1)
            #expect(fixture.time.sleeps.isEmpty)
        }
    }

    @Test("An answer that does not come in time leaves the outcome unknown")
    func timeLimit() async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ _ in .silence }, uploadTimeLimit: .seconds(2)) { fixture in
            guard case .unknown = try await fixture.client.create(.of(file)) else {
                Issue.record("known")
                return
            }
        }
    }

    @Test("A connection that breaks inside the body leaves the outcome unknown as well")
    func cutInsideBody() async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ _ in .close }, early: { $0.body.isEmpty ? nil : .close }) { fixture in
            switch try await fixture.client.create(.of(file)) {
            case .unknown: break
            case .created: Issue.record("created")
            }
        }
    }

    @Test("Being asked to wait is certain, so the same request is sent again after the asked time")
    func throttled() async throws {
        let file = try TemporaryFile(Self.audio)
        try await ConnectVetsFixture.run({ request in
            request.number < 3
                ? .reply(status: 429, headers: [("Retry-After", "7")]) : .json(Self.created, status: 201)
        }) { fixture in
            guard case .created = try await fixture.client.create(.of(file)) else {
                Issue.record("not created")
                return
            }
            #expect(fixture.time.sleeps == [.seconds(7), .seconds(7)])
            let bodies = fixture.server.requests.map { String(decoding: $0.body.suffix(200_100), as: UTF8.self).count }
            #expect(Set(bodies).count == 1)
        }
    }

    @Test("Where nobody listens nothing was made: five tries, then the error")
    func unreachable() async throws {
        let file = try TemporaryFile(Self.audio)
        let transport = HTTPTransport()
        let time = ManualTime()
        let nowhere = ClosedPort()
        let client = ConnectVetsClient(
            .init(base: try ServiceURL(nowhere.url), apiKey: .init("canary-cv-key")),
            transport: transport,
            time: time.timekeeper
        )
        await expectError(.unreachable) { _ = try await client.create(.of(file)) }
        #expect(time.sleeps == [.seconds(2), .seconds(4), .seconds(8), .seconds(16)])
        #expect(nowhere.port > 0)
        await transport.shutdown()
    }

    @Test(
        "A refusal is normalised by its code, whatever the status and the shape of the body",
        arguments: [
            (401, "INVALID_API_KEY", ServiceError.Reason.refused), (401, "", .refused), (403, "", .refused),
            (402, "SUBSCRIPTION_INACTIVE", .refused), (402, "", .refused), (400, "quota_exceeded", .refused),
            (400, "INVALID_AUDIO_FORMAT", .rejected), (422, "INVALID_AUDIO_FORMAT", .rejected),
            (413, "FILE_TOO_LARGE", .rejected), (413, "", .rejected), (422, "AUDIO_TOO_LARGE", .rejected),
            (422, "audio_duration_invalid", .rejected), (422, "audio_quality_poor", .rejected),
            (400, "validation_error", .rejected), (411, "", .rejected), (418, "canary-code", .rejected),
            (404, "", .misconfigured), (302, "", .misconfigured),
        ],
        ["flat", "nested", "minimal", "html", "empty"]
    )
    func refusals(row: (status: Int, code: String, reason: ServiceError.Reason), shape: String) async throws {
        let file = try TemporaryFile(Self.audio)
        let body = Self.errorBody(shape, code: row.code)
        // Without a readable code only the status speaks.
        let isCoded = shape == "flat" || shape == "nested"
        guard isCoded || row.code.isEmpty || ![400, 422].contains(row.status) || row.reason == .rejected else { return }
        try await ConnectVetsFixture.run({ _ in .reply(status: row.status, body: body) }) { fixture in
            let error = await expectError(row.reason) { _ = try await fixture.client.create(.of(file)) }
            #expect(error?.status == row.status)
            #expect(fixture.server.requests.count == 1)
        }
    }

    private static func errorBody(_ shape: String, code: String) -> String {
        switch shape {
        case "flat": #"{"error":"slug","message":"canary","code":"\#(code)","details":{"expected":"WAV"}}"#
        case "nested": #"{"error":{"code":"\#(code)","message":"canary","request_id":"r","timestamp":"t"}}"#
        case "minimal": #"{"error":"canary"}"#
        case "html": "<html><body>canary</body></html>"
        default: ""
        }
    }

    @Test("An answer before the whole body is taken as it is")
    func earlyRefusal() async throws {
        let file = try TemporaryFile([UInt8](repeating: 1, count: 290_000))
        try await ConnectVetsFixture.run({ _ in .close }, early: { $0.body.isEmpty ? nil : .json("{}", status: 413) }) {
            fixture in
            await expectError(.rejected) { _ = try await fixture.client.create(.of(file)) }
        }
    }
}
