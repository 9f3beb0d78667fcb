import StenoSandbox
import StenoWire
import Testing

@Suite("ConnectVets upload", .timeLimit(.minutes(1)))
struct ConnectVetsUploadTests {
    @Test(
        "An upload that breaks the contract is refused and recorded",
        arguments: [
            ("name=\"audio\"; filename=\"a.wav\"", "name=\"sound\"; filename=\"a.wav\"", 400),
            ("; filename=\"a.wav\"", "", 400),
            ("name=\"name\"", "name=\"nome\"", 400),
            ("unidentified", "other", 400),
            ("[{", "{{", 400),
            ("multipart/form-data; boundary=b0", "multipart/form-data", 400),
            ("multipart/form-data; boundary=b0", "application/json", 400),
            ("\r\n--b0--", "\r\n", 400),
        ]
    )
    func violations(_ right: String, _ wrong: String, _ status: Int) async throws {
        try await withSandbox { server in
            let text = createRequest(externalID: "e")
            #expect(text.contains(right))
            // The length is counted anew.
            let head = text.replacing(right, with: wrong)
            let reply = try await request(server.port, recounted(head))
            #expect(reply.status == status)
            #expect(!server.violations.isEmpty)
            #expect(server.connectVetsNotes == 0)
        }
    }

    @Test(
        "What the service would take, but we should not send, is taken and recorded",
        arguments: [
            ("steno_delivery", "other_pair_key"),
            ("[{\"key\":\"steno_delivery\",\"value\":\"", "{\"x\":\"y\",\"steno_delivery\":\""),
            ("Content-Type: audio/wav", "Content-Type: audio/mpeg"),
        ]
    )
    func oddities(_ right: String, _ wrong: String) async throws {
        try await withSandbox { server in
            let text = createRequest(externalID: "e").replacing(right, with: wrong)
            let whole = wrong.hasPrefix("{") ? text.replacing("\"}]", with: "\"}") : text
            let reply = try await request(server.port, recounted(whole))
            #expect(reply.status == 201)
            #expect(server.violations.count == 1)
        }
    }

    @Test("An upload of unknown length is refused with 411")
    func chunked() async throws {
        try await withSandbox { server in
            let parts = createRequest(externalID: "e").split(separator: "\r\n\r\n", maxSplits: 1)
            let body = parts[1]
            let lines = parts[0].split(separator: "\r\n").filter { !$0.hasPrefix("Content-Length") }
            let head = (lines + ["Transfer-Encoding: chunked"]).joined(separator: "\r\n")
            let chunk = "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            let reply = try await request(server.port, "\(head)\r\n\r\n\(chunk)")
            #expect(reply.status == 411)
            #expect(server.violations.map(\.rule) == ["CA-11"])
        }
    }

    @Test("What is no audio is refused with the reason")
    func format() async throws {
        try await withSandbox { server in
            let text = createRequest(externalID: "e").replacing("RIFF", with: "NOPE")
            let reply = try await request(server.port, text)
            #expect(reply.status == 400)
            let error = try JSONValue(parsing: reply.body)
            #expect(error["code"]?.string == "INVALID_AUDIO_FORMAT")
            #expect(error["details"]?["received"]?.string == "unknown")
        }
    }

    @Test("Audio above the limit is refused with 413, however much of it there is")
    func tooLarge() async throws {
        try await withSandbox { server in
            let parts = createRequest(externalID: "e").split(separator: "\r\n\r\n", maxSplits: 1)
            let head = parts[0].split(separator: "\r\n").filter { !$0.hasPrefix("Content-Length") }
                .joined(separator: "\r\n")
            let client = try await RawClient.connect(to: server.port)
            try await client.send("\(head)\r\nContent-Length: 30000000\r\n\r\n--b0\r\n")
            try await client.send("Content-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<28 {
                // The answer may come, and the connection end, while this is still sending.
                guard (try? await client.send(piece)) != nil else { break }
            }
            #expect(try await client.response().status == 413)
        }
    }

    @Test(
        "The format is told by the content",
        arguments: [
            ("RIFF....WAVE", "WAV"), ("fLaC", "FLAC"), ("OggS", "OGG"), ("ID3", "MP3"), ("....ftypM4A ", "M4A"),
        ]
    )
    func formats(_ head: String, _ name: String) async throws {
        try await withSandbox { server in
            let text = createRequest(externalID: "e", audio: head + "rest")
            let reply = try await request(server.port, text)
            #expect(reply.status == 201)
            let id = try JSONValue(parsing: reply.body)["data"]?["id"]?.string ?? ""
            try await waitForEnd(server, id, "completed")
            let sections = try await data(server, "/notes/\(id)")?["note_sections"]?.array
            #expect(sections?.first?["content"]?.string?.contains("\(name) audio") == true)
        }
    }
}
