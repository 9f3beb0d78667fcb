import LoopbackServer
import StenoCore
import StenoHandoff
import Testing

@Suite("ConnectVets: parts of a recording")
struct NoteUploadPartsTests {
    private static func part(_ number: Int, of count: Int, _ format: UploadPlan.Format = .mp3) -> UploadPlan.Part {
        UploadPlan.Part(span: AudioSpan(0..<480_000), number: number, count: count, format: format)
    }

    @Test("A part tells which it is by its name and its metadata; a whole recording is left as it is")
    func naming() throws {
        let file = try TemporaryFile([0])
        let whole = NoteUpload.of(file, name: "Bella", metadata: [.init(key: "ward", value: "3")], duration: nil)
        let part = whole.part(Self.part(2, of: 3))
        #expect(part.name == "Bella (2/3)")
        #expect(part.metadata == [.init(key: "ward", value: "3"), .init(key: "steno_part", value: "2/3")])
        #expect(part.format == .mp3 && part.duration == .seconds(30))
        let same = whole.part(Self.part(1, of: 1, .wav))
        #expect(same.name == "Bella" && same.metadata == whole.metadata && same.format == .wav)
        let long = NoteUpload.of(file, name: String(repeating: "é", count: 100)).part(Self.part(10, of: 12))
        #expect(long.name.unicodeScalars.count == 100 && long.name.hasSuffix("é (10/12)"))
    }

    @Test("The kind of audio goes with it", arguments: zip(UploadPlan.Format.allCases, ["wav", "mpeg", "flac"]))
    func kind(format: UploadPlan.Format, type: String) async throws {
        let file = try TemporaryFile([1, 2, 3])
        try await ConnectVetsFixture.run({ _ in .json(#"{"id":"n"}"#, status: 201) }) { fixture in
            _ = try await fixture.client.create(NoteUpload.of(file).part(Self.part(1, of: 2, format)))
            let body = String(decoding: try #require(fixture.server.requests.first).body, as: UTF8.self)
            #expect(body.contains("filename=\"recording.\(format.rawValue)\"\r\nContent-Type: audio/\(type)\r\n"))
            #expect(body.contains(#"{"key":"steno_part","value":"1/2"}"#))
        }
    }
}
