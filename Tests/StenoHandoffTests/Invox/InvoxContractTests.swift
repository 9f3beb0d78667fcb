import LoopbackServer
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// The client against the stand-in, with each switch of the contract (8.2) in each of its positions.
@Suite("Invox: switches of the contract", .timeLimit(.minutes(2)))
struct InvoxContractTests {
    @Test(
        "A note is made once and read the same, through every trouble that passes",
        arguments: [
            "tokenStatus=200", "tokenStatus=429@1", "tokenStatus=500@1-2", "tokenStatus=503@1-3",
            "tokenField=accessToken", "tokenField=access_token", "tokenLifetime=7200s", "tokenLifetime=60s",
            "tokenLifetime=0s@1", "tokenLifetime=revoked@1", "permission=granted", "versionHeader=optional",
            "versionHeader=required", "versionHeader=unknownDate400", "versionHeader=missingMeansOld",
            "summaryStatus=401@1", "summaryStatus=429@1-3", "summaryStatus=429-retry-after@1", "summaryStatus=503@1-3",
            "generationTime=present", "generationTime=missing", "generationTime=string", "delay=250ms",
            "connection=normal", "connection=slowBody", "body=valid", "body=wrongContentType", "body=extraFields",
            "languageCheck=639-any", "languageCheck=639-1", "languageCheck=region", "textLimit=off", "textLimit=1000",
            "soapFields=4", "noteShape=byFormat", "noteShape=alwaysObject", "noteShape=array",
            "messageSpelling=message",
        ]
    )
    func passing(fault: String) async throws {
        try await InvoxSandbox.run([fault]) { sandbox in
            for round in 1...2 {
                let summary = try await sandbox.summarize()
                #expect(
                    summary.note.plainText == """
                        S: Subjective
                        [sandbox] One two.

                        O: Objective
                        [sandbox] Three.

                        A: Assessment
                        [sandbox] Four.

                        P: Plan
                        [sandbox] Five.
                        """,
                    "\(fault)"
                )
                #expect(sandbox.generations == round, "\(fault)")
                #expect((summary.generationTime == nil) == (fault == "generationTime=missing"))
            }
        }
    }

    @Test(
        "Any number of entries under any names is shown as it came; a text is a text",
        arguments: [
            ("soapFields=3", 3, "Subjective"), ("soapFields=5", 5, "Subjective"),
            ("soapFields=renamed", 4, "S: Sandbox Subjective"), ("soapFields=reordered", 4, "S: Plan"),
            ("soapFields=emptyValues", 4, "S: Subjective"), ("noteShape=alwaysString", 1, ""),
            ("noteShape=swapped", 1, ""), ("noteShape=emptyFields", 0, ""),
        ]
    )
    func shapes(fault: String, count: Int, title: String) async throws {
        try await InvoxSandbox.run([fault]) { sandbox in
            let parts = try await sandbox.summarize().note.parts
            #expect(parts.count == count, "\(fault)")
            #expect((parts.first?.title ?? "") == title)
            #expect(sandbox.generations == 1)
        }
    }

    @Test(
        "What may have been made and cannot be read or was lost is told as such, and asked for once only",
        arguments: [
            "noteShape=missing", "noteShape=null", "connection=cutAfterWork", "connection=cutMidResponse",
            "connection=cutBeforeWork", "connection=reset", "body=truncated", "body=html", "body=empty",
            "body=tooLarge",
            "summaryStatus=500", "summaryStatus=502", "summaryStatus=504",
        ]
    )
    func unknown(fault: String) async throws {
        try await InvoxSandbox.run([fault]) { sandbox in
            await expectError(.unknownOutcome) { _ = try await sandbox.summarize() }
            #expect(sandbox.generations <= 1)
            let requests = sandbox.server.journal.requests(.invox).filter { $0.path.contains("generate") }
            #expect(requests.count == 1, "\(fault)")
        }
    }

    @Test("A refusal has its reason and says what to do, in every spelling of its words")
    func refusals() async throws {
        let rows: [(fault: String, reason: ServiceError.Reason, words: String)] = [
            ("summaryStatus=invalidOutputFormat", .rejected, "defect of steno"),
            ("summaryStatus=missingOutputLanguage", .rejected, "defect of steno"),
            ("summaryStatus=invalidLanguage", .rejected, "'nl'"), ("summaryStatus=400", .rejected, "(400)"),
            ("summaryStatus=401", .refused, "INVOX_APP_ID"), ("summaryStatus=404", .misconfigured, "INVOX_BASE_URL"),
            ("summaryStatus=413", .rejected, "too long"), ("summaryStatus=422", .rejected, "(422)"),
            ("summaryStatus=429", .throttled, "later"), ("summaryStatus=503", .unavailable, "later"),
            ("permission=missing", .refused, "CONSULTATION-SUMMARY"),
            ("permission=missingWithoutType", .refused, "CONSULTATION-SUMMARY"),
            ("languageCheck=refuse", .rejected, "'nl'"), ("textLimit=5", .rejected, "too long"),
            ("tokenStatus=400", .refused, "INVOX_APP_ID"), ("tokenStatus=401", .refused, "INVOX_APP_ID"),
            ("tokenStatus=403", .refused, "INVOX_APP_ID"), ("tokenStatus=429", .throttled, "later"),
            ("tokenStatus=500", .unavailable, "later"), ("tokenStatus=503", .unavailable, "later"),
            ("tokenField=missing", .unavailable, "INVOX_TOKEN_URL"),
        ]
        for spelling in ["messsage", "message", "both", "none"] {
            for row in rows {
                try await InvoxSandbox.run([row.fault, "messageSpelling=\(spelling)"]) { sandbox in
                    let error = await expectError(row.reason) { _ = try await sandbox.summarize() }
                    #expect(error?.message.contains(row.words) == true, "\(row.fault): \(error?.message ?? "")")
                    #expect(sandbox.generations == 0)
                    guard row.fault.hasPrefix("summaryStatus=invalid") else { return }
                    // The service's own words are found by whatever name it gives them (IC-1).
                    #expect((error?.explanation == nil) == (spelling == "none"), "\(spelling)")
                }
            }
        }
    }

    @Test("A token that was taken back or has run out costs one renewal, and the note is made once")
    func tokens() async throws {
        for (fault, tokens) in [("tokenLifetime=revoked", 3), ("tokenLifetime=7200s", 1)] {
            try await InvoxSandbox.run([fault]) { sandbox in
                for _ in 0..<3 { _ = try await sandbox.summarize() }
                #expect(sandbox.tokenRequests == tokens, "\(fault)")
                #expect(sandbox.generations == 3)
            }
        }
        try await InvoxSandbox.run { sandbox in
            _ = try await sandbox.summarize()
            sandbox.time.advance(by: .seconds(109 * 60))
            _ = try await sandbox.summarize()
            #expect(sandbox.tokenRequests == 1)
            sandbox.time.advance(by: .seconds(2 * 60))
            _ = try await sandbox.summarize()
            #expect(sandbox.tokenRequests == 2)
        }
    }

    @Test("Fifty notes at once need one token")
    func together() async throws {
        try await InvoxSandbox.run { sandbox in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = try await sandbox.summarize(.summary) } }
                try await group.waitForAll()
            }
            #expect(sandbox.tokenRequests == 1)
            #expect(sandbox.generations == 50)
        }
    }

    @Test("A key without the permission is told, and no new token is asked for")
    func permission() async throws {
        try await InvoxSandbox.run(apiKey: SandboxCredentials.invoxAPIKeyWithoutPermission) { sandbox in
            await expectError(.refused) { _ = try await sandbox.summarize() }
            #expect(sandbox.tokenRequests == 1)
        }
    }

    @Test("What is no code of ISO 639 is refused here", arguments: ["xx", "q", "nl-NL", "NL", "pt-BR", "engl"])
    func language(code: String) async throws {
        try await InvoxSandbox.run { sandbox in
            await expectError(.misconfigured) { _ = try await sandbox.summarize(language: code) }
            #expect(sandbox.server.journal.requests.isEmpty)
        }
    }

    // MARK: - Clinical note by a template

    private static let template = NoteTemplate(
        id: "t",
        name: "Visit",
        description: "What a visit needs",
        language: "en",
        fields: [
            .init(id: "reason", name: "Reason", description: "Why they came"),
            .init(id: "weight", name: "Weight", description: "In kg", kind: .number),
            .init(id: "findings", name: "Findings", description: "One each", kind: .array),
            .init(id: "fasted", name: "Fasted", description: "Or not", kind: .boolean),
            .init(id: "urgency", name: "Urgency", description: "How soon", kind: .choice(["low", "high"])),
        ]
    )

    @Test(
        "A summary is brought into the form of a template, with a language only where the call has it",
        arguments: ["en", "nl", "pt-BR"]
    )
    func template(language: String) async throws {
        try await InvoxSandbox.run { sandbox in
            let filled = try await sandbox.client.clinicalNote(
                from: InvoxSandbox.transcript,
                template: Self.template,
                language: language
            )
            #expect(filled.doubtful.isEmpty)
            #expect(filled.note.parts.map(\.title) == ["Reason", "Weight", "Findings", "Fasted", "Urgency"])
            #expect(filled.note.parts.map(\.text).last == "low")
            #expect(sandbox.generations == 1)
        }
    }

    @Test("Answers outside of the template are shown, and marked for a person")
    func doubtful() async throws {
        let answer =
            #"{"clinicalNote":[{"id":"reason","name":"Reason","value":"cough"},{"id":"weight","value":"ten"},"#
            + #"{"id":"fasted","value":null},{"id":"urgency","name":"Urgency","value":"now"}]}"#
        try await InvoxFixture.run(summary: { _, _ in .json(answer) }) { fixture in
            let filled = try await fixture.client.clinicalNote(from: "canary", template: Self.template)
            #expect(filled.doubtful == ["weight", "findings", "fasted", "urgency"])
            #expect(filled.note.parts.first?.text == "cough")
            let request = try #require(fixture.summaryRequests.first)
            #expect(request.target == "/api/v1/generate-clinical-note-from-summary")
            await expectError(.rejected) {
                _ = try await fixture.client.clinicalNote(from: " ", template: Self.template)
            }
        }
    }

    @Test(
        "A note by a template is refused and lost as a summary is",
        arguments: ["permission=missing", "summaryStatus=500"]
    )
    func templateTrouble(fault: String) async throws {
        try await InvoxSandbox.run([fault]) { sandbox in
            await expectError(fault.hasPrefix("permission") ? .refused : .unknownOutcome) {
                _ = try await sandbox.client.clinicalNote(from: "text", template: Self.template)
            }
        }
    }
}
