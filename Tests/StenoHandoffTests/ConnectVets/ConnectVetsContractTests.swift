import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// The client against the stand-in, with each switch of the contract (14.2) in each of its positions.
@Suite("ConnectVets: switches of the contract", .timeLimit(.minutes(2)))
struct ConnectVetsContractTests {
    @Test(
        "A note is made, found, waited for and read the same in every shape",
        arguments: [
            "basePath=/notes/v1", "basePath=/v1", "basePath=empty", "createStatus=201", "createStatus=200",
            "createFault=slow", "envelope=allData", "envelope=createBare", "envelope=allBare",
            "envelope=dataPlusStatus",
            "envelope=dataPlusMessage", "listShape=dataMeta", "listShape=dataPagination", "listShape=notesPagination",
            "listShape=rootArray", "pageParam=both", "pageParam=limit", "pageParam=per_page", "metadataIn=acceptBoth",
            "metadataIn=arrayOnly", "metadataOut=array", "metadataOut=object", "metadataOut=jsonString",
            "metadataOut=null", "requireName=true", "requireName=false", "labelLang=en", "labelLang=pt",
            "labelLang=mixed", "labelLang=typeInstead", "statusField=transcription_status", "statusField=status",
            "extraStates=off", "extraStates=on", "idStyle=uuid4", "idStyle=opaque", "orderForm=plain",
            "orderForm=tenBeforeTwo", "orderForm=nonNumber", "orderForm=gaps", "sectionIds=true", "sectionIds=false",
            "listOrder=descending", "listOrder=ascending", "listOrder=random", "indexDelay=0s", "processingSeconds=3",
            "transport=ok", "transport=reset@2", "transport=truncated@2-3", "transport=wrongContentType",
            "transport=slowBody", "transport=503@2-4", "throttle=off", "throttle=everyNth",
        ]
    )
    func shapes(fault: String) async throws {
        try await ConnectVetsSandbox.run([fault]) { sandbox in
            let note = try await sandbox.completed()
            #expect(note.status == .completed, "\(fault)")
            #expect(note.sections.map(\.kind) == ["anamnesis", "physical_exam", "diagnosis", "treatment"], "\(fault)")
            #expect(note.sections.allSatisfy { $0.content.contains("100 ms of WAV audio") })
            #expect(note.sections.allSatisfy { ($0.id != nil) == (fault != "sectionIds=false") })
            let found = try await sandbox.client.notes(of: ConnectVetsSandbox.mark).map(\.id)
            #expect(found == [note.id], "\(fault)")
            let listed = try await sandbox.client.notes(NoteFilter(status: .completed, name: "bell")).notes
            #expect(listed.map(\.id) == [note.id], "\(fault)")
            let transcript = try await sandbox.client.transcript(of: note)
            #expect(transcript?.contains("100 ms of WAV audio") == true, "\(fault)")
            #expect(sandbox.server.connectVetsNotes == 1)
        }
    }

    @Test("A note that tells only what it must is read", arguments: ["true", "false"])
    func slim(value: String) async throws {
        try await ConnectVetsSandbox.run(["slimNote=\(value)"]) { sandbox in
            let note = try await sandbox.completed()
            #expect(note.status == .completed && note.sections.count == 4)
            #expect((note.name == nil) == (value == "true"))
        }
    }

    @Test(
        "The shapes go together",
        arguments: ["allData", "allBare", "dataPlusStatus"],
        ["array", "object", "jsonString"]
    )
    func product(envelope: String, metadata: String) async throws {
        for list in ["dataMeta", "dataPagination", "notesPagination", "rootArray"] {
            for (label, id) in [("en", "uuid4"), ("typeInstead", "opaque"), ("mixed", "uuid4")] {
                let faults = [
                    "envelope=\(envelope)", "metadataOut=\(metadata)", "listShape=\(list)", "labelLang=\(label)",
                    "idStyle=\(id)",
                ]
                try await ConnectVetsSandbox.run(faults) { sandbox in
                    let note = try await sandbox.completed()
                    #expect(note.sections.count == 4, "\(faults)")
                    #expect(note.delivery == ConnectVetsSandbox.mark.delivery, "\(faults)")
                    let found = try await sandbox.client.notes(of: ConnectVetsSandbox.mark).map(\.id)
                    #expect(found == [note.id], "\(faults)")
                }
            }
        }
    }

    @Test("Whatever becomes of a create, it is known, or it is looked for, and no second note is made")
    func creates() async throws {
        let rows: [(fault: String, reason: ServiceError.Reason?, notes: Int)] = [
            ("none", nil, 1), ("slow", nil, 1), ("dropAfterStore", .unknownOutcome, 1),
            ("dropBeforeStore", .unknownOutcome, 0), ("500", .unknownOutcome, 1), ("503", .unknownOutcome, 0),
            ("402", .refused, 0), ("411", .rejected, 0), ("413", .rejected, 0), ("422", .rejected, 0),
        ]
        for row in rows {
            try await ConnectVetsSandbox.run(["createFault=\(row.fault)"]) { sandbox in
                var reason: ServiceError.Reason?
                do {
                    if case .unknown(_, let error) = try await sandbox.upload() { reason = error.reason }
                } catch let error as ServiceError {
                    reason = error.reason
                    #expect(error.message.contains("ConnectVets"))
                }
                #expect(reason == row.reason, "\(row.fault)")
                #expect(sandbox.server.connectVetsNotes == row.notes, "\(row.fault)")
                #expect(sandbox.statuses("POST").count <= 1)
                let found = try await sandbox.client.notes(of: ConnectVetsSandbox.mark)
                #expect(found.count == row.notes, "\(row.fault)")
            }
        }
    }

    @Test("A note is not found before it is indexed, and is after")
    func index() async throws {
        try await ConnectVetsSandbox.run(["indexDelay=20s", "createFault=dropAfterStore"]) { sandbox in
            guard case .unknown(let mark, _) = try await sandbox.upload() else {
                Issue.record("the lost answer was not noticed")
                return
            }
            let early = try await sandbox.client.notes(of: mark)
            #expect(early.isEmpty)
            sandbox.time.advance(by: .seconds(21))
            let late = try await sandbox.client.notes(of: mark)
            #expect(late.count == 1)
        }
    }

    @Test("What is too large, too long or of the wrong kind is told with advice, by whatever status it comes")
    func refusals() async throws {
        for shape in ["flat", "nested", "minimal", "html", "empty"] {
            for (faults, words) in [
                (["maxBytes=1000", "tooLargeStatus=413"], "too large"),
                (["maxBytes=1000", "tooLargeStatus=422"], "too large"),
                (["maxSeconds=0"], "too short or too long"), (["formats=wavOnly", "formatStatus=400"], "audio format"),
                (["formats=wavOnly", "formatStatus=422"], "audio format"),
                (["formats=withoutFLAC", "formatStatus=400"], "audio format"), (["metadataIn=objectOnly"], "the data"),
            ] {
                try await ConnectVetsSandbox.run(faults + ["errorShape=\(shape)"], isStrict: false) { sandbox in
                    let isMP3 = faults.contains("formats=wavOnly")
                    let isFLAC = faults.contains("formats=withoutFLAC")
                    let bytes: [UInt8] =
                        isMP3 ? [0xFF, 0xFB, 0x90, 0] : isFLAC ? Array("fLaC0000".utf8) : ConnectVetsSandbox.wav
                    let error = await expectError(.rejected) {
                        _ = try await sandbox.upload(bytes, as: isMP3 ? .mp3 : isFLAC ? .flac : .wav)
                    }
                    // Without a code only the status is left to go by.
                    guard shape == "flat" || shape == "nested" else { return }
                    #expect(error?.message.contains(words) == true, "\(faults) \(shape): \(error?.message ?? "")")
                    #expect(sandbox.server.connectVetsNotes == 0)
                }
            }
        }
    }

    @Test("Errors mean the same in every shape", arguments: ["flat", "nested", "minimal", "html", "empty"])
    func errors(shape: String) async throws {
        let unknown = "00000000-ffff-4b0c-8000-000000000001"
        try await ConnectVetsSandbox.run(["errorShape=\(shape)"]) { sandbox in
            for id in [unknown, "nonsense"] {
                await expectError(.rejected) { _ = try await sandbox.client.status(of: id) }
            }
            await expectError(.rejected) { _ = try await sandbox.client.note(unknown) }
            await expectError(.rejected) { _ = try await sandbox.client.export(unknown, as: .txt) }
        }
        try await ConnectVetsSandbox.run(["errorShape=\(shape)"], key: "canary-wrong") { sandbox in
            await expectError(.refused) { _ = try await sandbox.client.notes(NoteFilter()) }
            await expectError(.refused) { _ = try await sandbox.upload() }
        }
        let readOnly = SandboxCredentials.connectVetsReadOnlyKey
        try await ConnectVetsSandbox.run(["errorShape=\(shape)"], key: readOnly) { sandbox in
            await expectError(.refused) { _ = try await sandbox.upload() }
            let list = try await sandbox.client.notes(NoteFilter())
            #expect(list.notes.isEmpty)
        }
        try await ConnectVetsSandbox.run(["errorShape=\(shape)", "createFault=402"]) { sandbox in
            await expectError(.refused) { _ = try await sandbox.upload() }
        }
        try await ConnectVetsSandbox.run(["errorShape=\(shape)", "throttle=always"]) { sandbox in
            await expectError(.throttled) { _ = try await sandbox.client.notes(NoteFilter()) }
            #expect(sandbox.time.sleeps.count == 4)
        }
    }
}
