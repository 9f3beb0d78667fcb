import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("ConnectVets: waiting")
struct ConnectVetsWaitingTests {
    @Test("The state is looked at every 5 s for 2 min, every 10 s until 10 min, then every 30 s, within the limit")
    func pace() async throws {
        try await ConnectVetsFixture.run({ _ in .json(#"{"data":{"status":"processing","valid":false}}"#) }) {
            fixture in
            let outcome = try await fixture.client.wait(for: "n", limit: .seconds(900))
            guard case .stillProcessing(.processing) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            let sleeps = fixture.time.sleeps
            #expect(sleeps.prefix(24).allSatisfy { $0 == .seconds(5) })
            #expect(sleeps.dropFirst(24).prefix(48).allSatisfy { $0 == .seconds(10) })
            #expect(sleeps.dropFirst(72).allSatisfy { $0 == .seconds(30) })
            #expect(sleeps.count == 82)
            #expect(fixture.time.now == .seconds(900))
        }
    }

    @Test("Twice the recording is waited for when that is longer")
    func longRecording() async throws {
        try await ConnectVetsFixture.run({ _ in .json(#"{"data":{"status":"pending"}}"#) }) { fixture in
            _ = try await fixture.client.wait(for: "n", limit: .seconds(60), recording: .seconds(50))
            #expect(fixture.time.now == .seconds(100))
        }
    }

    @Test(
        "A completed note is fetched, in every shape of the state",
        arguments: [
            #"{"data":{"status":"completed","valid":true}}"#, #"{"status":"completed","valid":true}"#,
            #"{"data":{"transcription_status":"COMPLETED"}}"#,
        ]
    )
    func completed(status: String) async throws {
        try await ConnectVetsFixture.run({ request in
            switch request.number {
            case 1: .json(#"{"data":{"status":"transcribing"}}"#)
            case 2: .json(status)
            default: .json(#"{"data":{"id":"n","note_sections":[{"title":"A","content":"b","order":"1"}]}}"#)
            }
        }) { fixture in
            guard case .completed(let note, isValid: true) = try await fixture.client.wait(for: "n") else {
                Issue.record("not completed")
                return
            }
            #expect(note.plainText == "A\nb")
            #expect(
                fixture.server.requests.map(\.target) == [
                    "/notes/v1/notes/n/status", "/notes/v1/notes/n/status", "/notes/v1/notes/n",
                ]
            )
            #expect(fixture.server.requests.allSatisfy { $0.values("x-api-key") == ["canary-cv-key"] })
        }
    }

    @Test("Completed but not valid is usable and flagged")
    func flagged() async throws {
        try await ConnectVetsFixture.run({ request in
            .json(request.number == 1 ? #"{"data":{"status":"completed","valid":false}}"# : #"{"data":{"id":"n"}}"#)
        }) { fixture in
            guard case .completed(_, isValid: false) = try await fixture.client.wait(for: "n") else {
                Issue.record("not flagged")
                return
            }
        }
    }

    @Test(
        "A failure brings the service's own words, if it has any",
        arguments: [
            (#"{"data":{"id":"n","error_message":"too noisy"}}"#, "too noisy"),
            (#"{"data":{"id":"n","error":{"message":"too noisy"}}}"#, "too noisy"),
            (#"{"data":{"id":"n","error":"too noisy"}}"#, "too noisy"), (#"{"data":{"id":"n"}}"#, nil),
            ("nothing", nil),
        ]
    )
    func failed(row: (note: String, words: String?)) async throws {
        try await ConnectVetsFixture.run({ request in
            .json(request.number == 1 ? #"{"data":{"status":"failed","valid":false}}"# : row.note)
        }) { fixture in
            guard case .failed(let words) = try await fixture.client.wait(for: "n") else {
                Issue.record("not failed")
                return
            }
            #expect(words?.reveal { $0 } == row.words)
        }
    }

    @Test("Trouble on the way only makes the next look later; being told to wait is obeyed")
    func trouble() async throws {
        try await ConnectVetsFixture.run({ request in
            switch request.number {
            case 1: .close
            case 2: .reply(status: 502, body: "<html>")
            case 3: .reply(status: 429, headers: [("Retry-After", "40")])
            case 4: .json("{}")
            case 5: .json(#"{"data":{"status":"completed"}}"#)
            default: .json(#"{"data":{"id":"n"}}"#)
            }
        }) { fixture in
            guard case .completed = try await fixture.client.wait(for: "n") else {
                Issue.record("not completed")
                return
            }
            #expect(fixture.time.sleeps == [.seconds(5), .seconds(5), .seconds(40), .seconds(5)])
        }
    }

    @Test("What waiting cannot mend ends it")
    func refused() async throws {
        try await ConnectVetsFixture.run({ _ in .reply(status: 401) }) { fixture in
            await expectError(.refused) { _ = try await fixture.client.wait(for: "n") }
            #expect(fixture.server.requests.count == 1)
        }
    }
}
