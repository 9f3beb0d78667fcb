import LoopbackServer
import StenoHTTP
import StenoHandoff
import StenoWire
import Testing

@Suite("NxVET: content of labels")
struct NxVETLabelContentTests {
    /// A label whose notes are `notes`, each the value of `content`.
    private static func read(_ notes: String, body: (NxVETLabel) throws -> Void) async throws {
        let label = #"""
            {"id":"l/1","type":"NxMIC","fromTime":1778400000000,"toTime":"2026-05-10T08:15:00Z",
            "patient":{"id":7,"name":"Luna"},"friendlyName":"Room 1","deviceSerial":"NX-1",
            "metadata":"{\"status\":\"DONE\"}","later":[1],"ownedPatientNotes":\#(notes)}
            """#
        try await NxVETFixture.run({ _ in .json(label) }) { fixture, server in
            let read = try await fixture.client.label("l/1")
            #expect(server.requests.first?.target == "/api/labels/l%2F1")
            try body(read)
        }
    }

    @Test("The transcript is the text that calls itself a note, and the rest is there too")
    func documented() async throws {
        let content = #"{\"english_soap\":\"Hello.\",\"clinical_note\":\"S: well\",\"language\":\"en\"}"#
        try await Self.read(#"[{"content":"\#(content)"}]"#) { label in
            #expect(label.transcript == "Hello.")
            #expect(label.clinicalNote == "S: well")
            #expect(label.state == .note)
            #expect(label.status == "DONE")
            #expect(label.patient?.id == "7" && label.patient?.name == "Luna")
            #expect(label.from?.description == "2026-05-10T08:00:00Z")
            #expect(label.to?.description == "2026-05-10T08:15:00Z")
            #expect(label.notes.first?.content["language"]?.string == "en")
        }
    }

    @Test(
        "Nothing yet is not an empty note",
        arguments: ["null", "[]", #"[{"content":"{}"}]"#, #"[{"content":null}]"#, #"[{"content":"  "}]"#, "[{}]", "7"]
    )
    func pending(notes: String) async throws {
        try await Self.read(notes) { label in
            #expect(label.state == .absent)
            #expect(label.notes.isEmpty)
            #expect(!label.isDamaged)
        }
    }

    @Test("Plain text is a transcript, or the note that its type says (NC-3)")
    func plain() async throws {
        try await Self.read(#"[{"type":"Transcript","content":"Hello."},{"type":"SOAP","content":"S: well"}]"#) {
            label in
            #expect(label.transcript == "Hello.")
            #expect(label.clinicalNote == "S: well")
        }
        try await Self.read(#"[{"content":"Hello."},{"content":"[1]"}]"#) { label in
            #expect(label.transcript == "Hello.\n\n[1]")
            #expect(label.state == .transcript)
        }
    }

    @Test(
        "A note is a text in whatever shape it comes (NC-20)",
        arguments: [
            (#"{"clinical_note":{"S":{"value":"well"},"P":{"value":"rest"}}}"#, "S: well\nP: rest"),
            (#"{"clinical_note":{"S":"well","empty":"","none":null}}"#, "S: well"),
            (#"{"clinical_note":["well",{"value":["rest",2]}]}"#, "well\nrest\n2"),
            (#"{"clinical_note":"well"}"#, "well"),
        ]
    )
    func shapes(content: String, expected: String) async throws {
        let text = JSONValue.string(content).serialized()
        for notes in ["[{\"content\":\(text)}]", "[{\"content\":\(content)}]"] {
            try await Self.read(notes) { #expect($0.clinicalNote == expected) }
        }
    }

    @Test("JSON that is cut off is told, and taken for no text")
    func truncated() async throws {
        try await Self.read(#"[{"content":"{\"english_soap\":\"Hel"}]"#) { label in
            #expect(label.isDamaged)
            #expect(label.state == .absent)
            #expect(label.transcript == nil)
        }
    }

    @Test("The id tells when a label was made, if it is one that can")
    func made() async throws {
        try await NxVETFixture.run({ request in
            .json(#"{"id":"\#(request.target.split(separator: "/").last ?? "")"}"#)
        }) { fixture, _ in
            let times = try await [
                fixture.client.label("019e12ab-a7a0-7000-8000-000000000008").made?.description,
                fixture.client.label("019e12ab-a7a0-4000-8000-000000000008").made?.description,
                fixture.client.label("x").made?.description,
            ]
            #expect(times == ["2026-05-10T16:15:00Z", nil, nil])
        }
    }
}
