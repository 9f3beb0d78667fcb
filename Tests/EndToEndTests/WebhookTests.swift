import Glibc
import Testing

/// The built receiver beside the built sandbox, which signs its events and sends them over real sockets.
@Suite("Webhook receiver")
struct WebhookTests {
    private static let labels = [
        "019e1111-1111-7000-aaaa-111111111111", "019e2222-2222-7000-bbbb-222222222222",
    ]
    private static let stretch = ["--from", "2026-05-10T08:00Z", "--to", "1778401800000"]

    /// A receiver and the sandbox that tells it.
    private struct Receiving {
        let program: StenoProgram
        let sandbox: SandboxProcess
        let port: UInt16

        func serve(_ options: String...) async throws -> Running {
            let words = ["webhook", "serve", "--listen", "127.0.0.1:\(self.port)", self.sandbox.option]
            let running = try self.program.start(words + options)
            guard await running.says("Listening on") else {
                throw SandboxFailure(errors: await running.result().errors)
            }
            return running
        }

        func nxvet(_ words: String...) async throws -> StenoProgram.Result {
            let result = try await StenoProgram().run(["nxvet"] + words + [self.sandbox.option, "--json"])
            #expect(result.code == 0, "\(result.errors)")
            return result
        }

        /// Has the sandbox say that a label was updated.
        func update(_ label: String = WebhookTests.labels[0]) async throws {
            _ = try await self.nxvet("regenerate", label, "--template", "template-id-here")
        }
    }

    private static func run(faults: [String] = [], body: (Receiving) async throws -> Void) async throws {
        let port = ClosedPort().number
        try await SandboxProcess.run(
            faults: faults + ["nxvet.contentDelay=0s"],
            options: ["--webhook", "http://127.0.0.1:\(port)/webhooks/nxvet"]
        ) { sandbox in
            try await body(Receiving(program: try StenoProgram(), sandbox: sandbox, port: port))
        }
    }

    private static func end(_ running: Running) async throws -> StenoProgram.Result {
        running.signal(SIGTERM)
        return await running.result()
    }

    @Test("A label that is updated is read and printed, and the hook gets the same line")
    func whole() async throws {
        try await Self.run { receiving in
            let taken = receiving.program.path("taken")
            let running = try await receiving.serve(
                "--hook",
                "cat >> '\(taken)' && echo x >> '\(taken).done'; echo noise"
            )
            try await receiving.update()
            #expect(await running.printsLines(1))
            let result = try await Self.end(running)
            #expect(result.code == 0, "\(result.errors)")
            let event = try #require(try result.events().first)
            #expect(event.type == "event" && event.text("event") == "label_updated" && event.text("state") == "read")
            #expect(event.object("label")?["id"] as? String == Self.labels[0])
            #expect(
                (event.object("label")?["clinicalNote"] as? String)?.contains("[sandbox] Standard SOAP, run 1") == true
            )
            #expect(try result.events().count == 1)
            // The event may have been told and the end asked for before the hook had its turn; then it has it now.
            let again = try await receiving.serve("--hook", "cat >> '\(taken)'")
            let ended = try await Self.end(again)
            #expect(ended.code == 0)
            #expect(receiving.program.files()["taken"]?.hasPrefix(result.output) == true)
            // Nothing about the visit is readable on the disk, and nobody else can look.
            for (name, content) in receiving.program.files() where name.contains("webhooks/") {
                #expect(!content.contains("Standard SOAP") && !content.contains("Luna"), "\(name)")
            }
        }
    }

    @Test(
        "From a conversation that is made to its transcript, every event in turn, also out of order",
        arguments: [
            "once", "outOfOrder", "delayed", "duplicateSameId",
        ]
    )
    func conversation(delivery: String) async throws {
        try await Self.run(faults: ["nxvet.webhookDelivery=\(delivery)"]) { receiving in
            let running = try await receiving.serve()
            let made = try await receiving.nxvet(
                "create",
                "device-id-here",
                "--from",
                Self.stretch[1],
                "--to",
                Self.stretch[3]
            )
            let id = try #require(try made.events().first?.text("conversationId"))
            _ = try await receiving.nxvet("complete", "device-id-here", id)
            #expect(await running.printsLines(3))
            let result = try await Self.end(running)
            let events = try result.events()
            #expect(
                events.compactMap { $0.text("event") }.sorted()
                    == ["conversation_completed", "conversation_created", "new_label"]
            )
            #expect(Set(events.compactMap { $0.text("id") }).count == 3)
            let completed = try #require(events.first { $0.text("event") == "conversation_completed" })
            #expect(completed.object("conversation")?["conversationId"] as? String == id)
            #expect(
                (completed.object("conversation")?["transcriptText"] as? String)?.contains("[sandbox] Speech") == true
            )
        }
    }

    @Test(
        "Each form of a signature is believed or refused as the contract says",
        arguments: [
            ("prefixHex", true), ("hexOnly", true), ("upperHex", true), ("base64", true), ("keyWithoutPrefix", true),
            ("wrong", false), ("missing", false), ("reserialisedBody", false),
        ]
    )
    func signatures(form: String, isBelieved: Bool) async throws {
        // The second event is signed in the same way where that is believed, else as documented.
        let range = isBelieved ? "" : "@1"
        try await Self.run(faults: ["nxvet.webhookSignature=\(form)\(range)"]) { receiving in
            let running = try await receiving.serve()
            try await receiving.update(Self.labels[0])
            if isBelieved { #expect(await running.printsLines(1)) }
            try await receiving.update(Self.labels[1])
            #expect(await running.printsLines(isBelieved ? 2 : 1))
            let result = try await Self.end(running)
            let told = try result.events().compactMap { $0.object("label")?["id"] as? String }
            #expect(told == (isBelieved ? Self.labels : [Self.labels[1]]))
        }
    }

    @Test(
        "A type that nobody knows and ids that are missing are told; a body that is too large is not taken",
        arguments: [
            ("unknownEvent", ["label_updated read", "label_updated read", "sandbox_unknown unknown"]),
            ("missingIds", ["label_updated read", "label_updated unknown"]),
            ("over1MiB", ["label_updated read"]),
        ]
    )
    func odd(delivery: String, told: [String]) async throws {
        try await Self.run(faults: ["nxvet.webhookDelivery=\(delivery)@1"]) { receiving in
            let running = try await receiving.serve()
            try await receiving.update(Self.labels[0])
            try await receiving.update(Self.labels[1])
            #expect(await running.printsLines(told.count))
            let events = try await Self.end(running).events()
            #expect(events.map { "\($0.text("event") ?? "") \($0.text("state") ?? "")" }.sorted() == told)
        }
    }

    @Test("Killed after the answer and before the work, it goes on at the next start, once")
    func killed() async throws {
        // The first request is the regeneration; then the receiver is told to wait.
        try await Self.run(faults: ["nxvet.throttle=429@2-4"]) { receiving in
            let first = try await receiving.serve()
            try await receiving.update()
            #expect(await first.says("Waiting 2 s for NxVET."))
            first.signal(SIGKILL)
            let killed = await first.result()
            #expect(killed.code == 128 + SIGKILL && killed.output.isEmpty)
            let second = try await receiving.serve()
            #expect(await second.printsLines(1))
            let result = try await Self.end(second)
            #expect(result.errors.contains("1 events of before are unfinished."))
            #expect(try result.events().map { $0.text("state") } == ["read"])
            let third = try await Self.end(try await receiving.serve())
            #expect(third.output.isEmpty && third.code == 0)
        }
    }

    @Test("Without a secret only this machine may send, and it is told")
    func secret() async throws {
        let program = try StenoProgram(["NXVET_API_KEY": "nxvet_sk_x", "NXVET_ORG_ID": "x"])
        let open = try await program.run("webhook", "serve", "--listen", "0.0.0.0:0")
        #expect(open.code == 78 && open.output.isEmpty)
        #expect(open.errors.contains("NXVET_WEBHOOK_SECRET is not set"))
        let running = try program.start(["webhook", "serve", "--listen", "127.0.0.1:0"])
        #expect(await running.says("whoever can reach this port is believed"))
        #expect(try await Self.end(running).code == 0)
    }

    @Test("An address that cannot be used, and two receivers of one home, are told in a line")
    func trouble() async throws {
        let program = try StenoProgram()
        let wrong = try await program.run("webhook", "serve", "--listen", "nowhere", "--sandbox")
        #expect(wrong.code == 64 && wrong.output.isEmpty)
        let running = try program.start(["webhook", "serve", "--listen", "127.0.0.1:0", "--sandbox"])
        #expect(await running.says("Listening on"))
        let second = try await program.run("webhook", "serve", "--listen", "127.0.0.1:0", "--sandbox")
        #expect(second.code == 75 && second.output.isEmpty, "\(second.errors)")
        let ended = try await Self.end(running)
        #expect(ended.code == 0)
        let taken = try await StenoProgram().run("webhook", "serve", "--listen", "8.8.8.8:1", "--sandbox")
        #expect(taken.code == 78 && taken.output.isEmpty, "\(taken.errors)")
        #expect(taken.errorLines.count == 1)
    }
}
