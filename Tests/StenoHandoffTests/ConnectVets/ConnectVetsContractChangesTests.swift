import LoopbackServer
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// As `ConnectVetsContractTests`: limits, lists, and what changes a note.
@Suite("ConnectVets: switches of the contract, limits and changes", .timeLimit(.minutes(2)))
struct ConnectVetsContractChangesTests {
    @Test("250 notes are made within the limits without one refusal, and listed whole in every shape and order")
    func many() async throws {
        let faults = [
            "listShape=dataPagination@4-6", "listShape=notesPagination@7-9", "listShape=rootArray@10-13",
            "listOrder=ascending@14-16", "listOrder=random@17-19", "listOrder=ascending@20-22",
        ]
        try await ConnectVetsSandbox.run(faults) { sandbox in
            for number in 0..<250 {
                let mark = DeliveryMark(delivery: DeliveryMark.fresh().delivery)
                _ = try await sandbox.made(name: "Patient \(number)", mark: mark)
            }
            #expect(sandbox.statuses("POST") == Array(repeating: 201, count: 250))
            #expect(sandbox.time.now >= .seconds(60))
            for _ in 0..<6 {
                let list = try await sandbox.client.notes(NoteFilter())
                #expect(Set(list.notes.map(\.id)).count == 250 && list.notes.count == 250)
                #expect(!list.hasMore && !list.isCutShort)
            }
            let newest = try await sandbox.client.notes(NoteFilter(), limit: 10, pageLength: 10)
            #expect(newest.notes.count == 10 && newest.hasMore)
            #expect(!sandbox.statuses("GET").contains(429))
        }
    }

    @Test(
        "A refusal for too many requests is waited out by whatever names the delay",
        arguments: [
            "minute", "minuteAndHour", "retryAfterSeconds", "retryAfterDate", "bodyOnly", "resetAt", "resetHeader",
            "none",
        ]
    )
    func throttled(headers: String) async throws {
        try await ConnectVetsSandbox.run(["throttle=everyNth", "rateLimitHeaders=\(headers)"]) { sandbox in
            for _ in 0..<6 { _ = try await sandbox.client.notes(NoteFilter()) }
            let statuses = sandbox.statuses("GET")
            #expect(statuses.filter { $0 == 200 }.count == 6 && statuses.contains(429))
            #expect(!sandbox.time.sleeps.isEmpty)
            #expect(sandbox.time.sleeps.allSatisfy { $0 >= .seconds(1) && $0 <= .seconds(132) })
        }
    }

    @Test("A state that is refused for too many requests is looked at later, or given up with the reason")
    func throttledStatus() async throws {
        try await ConnectVetsSandbox.run(["throttle=statusToo", "rateLimitHeaders=none"]) { sandbox in
            await expectError(.throttled) {
                _ = try await sandbox.client.status(of: "00000000-ffff-4b0c-8000-000000000001")
            }
            #expect(sandbox.time.sleeps == Array(repeating: .seconds(30), count: 4))
        }
    }

    @Test("An answer that points elsewhere is not followed")
    func redirect() async throws {
        try await ConnectVetsSandbox.run(["transport=redirect"]) { sandbox in
            await expectError(.misconfigured) { _ = try await sandbox.client.notes(NoteFilter()) }
        }
    }

    @Test(
        "What becomes of a note is told",
        arguments: ["completed", "completedInvalid", "failed", "failedWithError", "neverEnds"]
    )
    func outcome(value: String) async throws {
        let fault = value == "neverEnds" ? "processingSeconds=neverEnds" : "outcome=\(value)"
        try await ConnectVetsSandbox.run([fault]) { sandbox in
            let id = try await sandbox.made()
            switch try await sandbox.client.wait(for: id) {
            case .completed(_, let isValid): #expect(value.hasPrefix("completed") && isValid == (value == "completed"))
            case .failed(let words):
                #expect(value.hasPrefix("failed") && (words != nil) == (value == "failedWithError"))
            case .stillProcessing(let status): #expect(value == "neverEnds" && status == .processing)
            }
        }
    }

    @Test(
        "A failed note is processed again by the one route there is, and the way is remembered",
        arguments: ["both", "transcriptsOnly", "notesOnly", "transcriptsOnly405", "notesOnly405"],
        ["noteData", "statusTranscription", "empty"]
    )
    func retry(route: String, shape: String) async throws {
        let faults = ["outcome=failed", "retryRoute=\(route)", "retryShape=\(shape)"]
        try await ConnectVetsSandbox.run(faults) { sandbox in
            let id = try await sandbox.made()
            guard case .failed = try await sandbox.client.wait(for: id) else {
                Issue.record("it did not fail")
                return
            }
            let first = try await sandbox.client.retry(id)
            #expect(first == .accepted)
            guard case .completed = try await sandbox.client.wait(for: id) else {
                Issue.record("it was not processed again")
                return
            }
            let second = try await sandbox.client.retry(id, isAnyState: true)
            #expect(second == .accepted)
            #expect(sandbox.statuses("POST", "/retry").count == (route.hasPrefix("notes") ? 3 : 2))
        }
    }

    @Test("A note that is processed already is not asked for twice", arguments: ["409", "400", "422", "accepted"])
    func busy(value: String) async throws {
        let faults = ["extraStates=on", "processingSeconds=neverEnds", "retryWhileProcessing=\(value)"]
        try await ConnectVetsSandbox.run(faults) { sandbox in
            let id = try await sandbox.made()
            sandbox.time.advance(by: .seconds(5))
            let outcome = try await sandbox.client.retry(id, isAnyState: true)
            #expect(outcome == (value == "accepted" ? .accepted : .running))
        }
    }

    @Test(
        "An export is the same in every dress",
        arguments: [
            "exportAsJSONString=false", "exportAsJSONString=true", "exportDisposition=present",
            "exportDisposition=missing", "exportDisposition=pathInName",
        ]
    )
    func export(fault: String) async throws {
        try await ConnectVetsSandbox.run([fault]) { sandbox in
            let note = try await sandbox.completed()
            let text = String(decoding: try await sandbox.client.export(note.id, as: .txt), as: UTF8.self)
            #expect(text.hasPrefix("Note\n====\n\nPatient: Bella\n"), "\(fault)")
            let rich = String(decoding: try await sandbox.client.export(note.id, as: .rtf), as: UTF8.self)
            #expect(rich.hasPrefix("{\\rtf1"))
        }
    }

    @Test("What is not ready is not asked for, whatever it would answer", arguments: ["400", "404", "409", "empty"])
    func early(value: String) async throws {
        try await ConnectVetsSandbox.run(["exportEarly=\(value)"]) { sandbox in
            let id = try await sandbox.made()
            let error = await expectError(.rejected) { _ = try await sandbox.client.export(id, as: .txt) }
            #expect(error?.message.contains("cannot be exported yet") == true)
            #expect(sandbox.statuses("GET", "/export").isEmpty)
        }
    }

    @Test(
        "A section is written once, or it is told why not",
        arguments: ["lenient", "strict", "403", "404", "rival", "dropAfterStore"]
    )
    func patch(value: String) async throws {
        try await ConnectVetsSandbox.run(["patch=\(value)"]) { sandbox in
            let note = try await sandbox.completed()
            let seen = note.sections[3].content
            switch value {
            case "403": await expectError(.refused) { _ = try await self.write(note, seen, sandbox) }
            case "404": await expectError(.rejected) { _ = try await self.write(note, seen, sandbox) }
            case "rival":
                guard case .changedAfter(let now) = try await self.write(note, seen, sandbox) else {
                    Issue.record("the rival was not seen")
                    return
                }
                #expect(now.content == "[sandbox] another editor")
            default:
                guard case .written(let now) = try await self.write(note, seen, sandbox) else {
                    Issue.record("\(value)")
                    return
                }
                #expect(now.content == "Rest.\nNo stairs." && now.title == "Treatment" && now.order == "4")
            }
            // A write that got no answer was looked at and not made again.
            let writes = sandbox.server.journal.requests(.connectVets).filter { $0.method == "PATCH" }
            #expect(writes.count == 1)
        }
    }

    private func write(
        _ note: ConnectVetsNote,
        _ seen: String,
        _ sandbox: ConnectVetsSandbox
    ) async throws -> SectionUpdate {
        try await sandbox.client.update("treatment", of: note.id, to: "Rest.\nNo stairs.", seen: seen)
    }

    @Test("A section without an id is read and not written, and an old view is not written over")
    func sections() async throws {
        try await ConnectVetsSandbox.run(["sectionIds=false"]) { sandbox in
            let note = try await sandbox.completed()
            guard case .readOnly = try await sandbox.client.update("treatment", of: note.id, to: "x") else {
                Issue.record("it was written")
                return
            }
        }
        try await ConnectVetsSandbox.run { sandbox in
            let note = try await sandbox.completed()
            guard case .changedBefore = try await self.write(note, "an old view", sandbox) else {
                Issue.record("it was written")
                return
            }
        }
    }

    @Test(
        "A transcript is fetched without a key, an expired link asked for anew, a page taken for nothing",
        arguments: ["ok", "slow", "wrongType", "403@1", "404@1", "403", "404", "redirect"]
    )
    func transcript(cdn: String) async throws {
        try await ConnectVetsSandbox.run(["cdn=\(cdn)"]) { sandbox in
            let note = try await sandbox.completed()
            guard ["403", "404", "redirect"].contains(cdn) else {
                let text = try await sandbox.client.transcript(of: note)
                #expect(text?.contains("100 ms") == true, "\(cdn)")
                return
            }
            let error = await expectError(.rejected) { _ = try await sandbox.client.transcript(of: note) }
            #expect(error?.message.contains("127.0.0.1") == false)
            // The stand-in notes a key at the host of transcripts as a broken contract.
        }
    }
}
