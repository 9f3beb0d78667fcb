import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("ConnectVets: checked before sending")
struct ConnectVetsLimitsTests {
    @Test("Too short, too long, too large and empty are refused here, with the figures")
    func audio() async throws {
        let file = try TemporaryFile([UInt8](repeating: 0, count: 300_001))
        let empty = try TemporaryFile([])
        let small = try TemporaryFile([0])
        try await Self.expectNothingSent { client in
            let cases: [(NoteUpload, String)] = [
                (
                    .of(small, duration: .milliseconds(9_999)),
                    "The recording lasts 9 s; ConnectVets takes at least 10 s (connectvets.min-duration)."
                ),
                (
                    .of(small, duration: .seconds(3_601)),
                    "The recording lasts 60 min 1 s; ConnectVets takes at most 60 min 0 s (connectvets.max-duration). "
                        + "Send it in parts."
                ),
                (
                    .of(file),
                    "The recording would be 300001 bytes; ConnectVets takes at most 300000 (connectvets.max-bytes). "
                        + "Send it in parts."
                ),
                (.of(empty, duration: nil), "The recording has no sound."),
            ]
            for (upload, message) in cases {
                let error = await expectError(.rejected) { _ = try await client.create(upload) }
                #expect(error?.message == message)
            }
        }
    }

    @Test("A missing file, a folder and an endless device are refused here")
    func files() async throws {
        try await Self.expectNothingSent { client in
            for path in ["/nonexistent/canary.wav", "/tmp", "/dev/zero"] {
                let upload = NoteUpload(name: "a", mark: NoteUpload.mark, audioPath: path, duration: nil)
                await expectError(.misconfigured) { _ = try await client.create(upload) }
            }
        }
    }

    @Test("Texts outside the documented limits are refused here, and not repeated")
    func texts() async throws {
        let file = try TemporaryFile([0])
        let long = String(repeating: "canary", count: 20)
        try await Self.expectNothingSent { client in
            for upload: NoteUpload in [
                .of(file, name: ""), .of(file, name: "  "), .of(file, name: long), .of(file, name: "canary\r\nx"),
                .of(file, mark: DeliveryMark(delivery: "d", externalID: long)),
                .of(file, mark: DeliveryMark(delivery: "d", externalID: "")),
                .of(file, metadata: [.init(key: "", value: "v")]), .of(file, metadata: [.init(key: "k", value: "")]),
                .of(file, metadata: [.init(key: long, value: "v")]),
                .of(file, metadata: [.init(key: "k", value: String(repeating: "v", count: 501))]),
                .of(file, metadata: [.init(key: "steno_delivery", value: "canary")]),
            ] {
                await expectError(.rejected) { _ = try await client.create(upload) }
            }
        }
    }

    @Test("The documented limits themselves are accepted")
    func edges() async throws {
        let file = try TemporaryFile([UInt8](repeating: 0, count: 300_000))
        try await ConnectVetsFixture.run({ _ in .json(#"{"id":"n"}"#, status: 201) }) { fixture in
            for duration: Duration in [.seconds(10), .seconds(3_600)] {
                let name = String(repeating: "é", count: 100)
                _ = try await fixture.client.create(.of(file, name: name, duration: duration))
            }
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test("Every delivery has a UUID of its own, which is the external id unless the person has one")
    func marks() {
        let marks = (0..<100).map { _ in DeliveryMark.fresh() }
        #expect(Set(marks.map(\.delivery)).count == 100)
        for mark in marks {
            let parts = mark.delivery.split(separator: "-").map(\.count)
            #expect(parts == [8, 4, 4, 4, 12])
            #expect(mark.delivery.dropFirst(14).first == "4")
            #expect(mark.externalID == mark.delivery)
        }
        #expect(DeliveryMark.fresh(externalID: "visit").externalID == "visit")
    }

    private static func expectNothingSent(_ body: (ConnectVetsClient) async throws -> Void) async throws {
        try await ConnectVetsFixture.run({ _ in .json(#"{"id":"n"}"#, status: 201) }) { fixture in
            try await body(fixture.client)
            #expect(fixture.server.requests.isEmpty)
        }
    }
}
