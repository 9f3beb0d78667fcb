import Testing

@Suite("Configuration")
struct ConfigurationTests {
    @Test("Missing credentials end with 78 and name what works without an account")
    func missingCredentials() async throws {
        let program = try StenoProgram()
        let result = try await program.run("stream", program.dictation())
        #expect(result.code == 78)
        #expect(result.output.isEmpty)
        for word in ["JUVOLY_API_KEY", "--sandbox", "--engine local"] { #expect(result.errors.contains(word)) }
    }

    @Test("Missing credentials of a hand-off are found before any audio is sent")
    func missingHandover() async throws {
        let program = try StenoProgram(["JUVOLY_SESSION_URL": ClosedPort().url])
        let path = program.dictation()
        let note = try await program.run("stream", path, "--upload", "connectvets", "--patient", "Bella")
        #expect(note.code == 78)
        #expect(note.errors.contains("CONNECTVETS_API_KEY"))
        let summary = try await program.run("stream", path, "--summary", "invox", "--language", "en")
        #expect(summary.code == 78)
        #expect(summary.errors.contains("INVOX_APP_ID"))
    }

    @Test(
        "Plain http and ws to another host are refused, and the variable is named",
        arguments: [
            ("JUVOLY_REST_URL", "http://speech.example.org/api"), ("JUVOLY_SOCKET_URL", "ws://speech.example.org/s"),
            ("JUVOLY_SESSION_URL", "http://192.0.2.1/broker"), ("INVOX_BASE_URL", "http://invox.example.org"),
            ("CONNECTVETS_BASE_URL", "http://notes.example.org"),
        ]
    )
    func plainAddress(name: String, address: String) async throws {
        let program = try StenoProgram([name: address, "JUVOLY_API_KEY": "k", "JUVOLY_CLIENT_ID": "c"])
        let result = try await program.run("stream", program.dictation())
        #expect(result.code == 78)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(name))
    }

    @Test("A sandbox elsewhere than on this machine is refused")
    func foreignSandbox() async throws {
        let program = try StenoProgram()
        for address in ["http://sandbox.example.org", "https://127.0.0.1:1", "http://127.0.0.1:1/path"] {
            let result = try await program.run("stream", program.dictation(), "--sandbox=\(address)")
            #expect(result.code == 78)
            #expect(result.errors.contains("--sandbox"))
        }
    }

    @Test("A configuration file that others can read is refused, with the command that mends it")
    func exposedConfiguration() async throws {
        let program = try StenoProgram()
        let path = program.file("steno.yaml", "juvoly:\n  api-key: hidden\n", mode: 0o644)
        let result = try await program.run("stream", program.dictation(), "--config", path)
        #expect(result.code == 78)
        #expect(result.errors.contains("\(path): others can read it"))
        #expect(result.errors.contains("chmod 600"))
        #expect(!result.errors.contains("hidden"))
    }

    @Test("A key file that others can read is refused")
    func exposedKey() async throws {
        let program = try StenoProgram()
        let key = program.file("key", "hidden", mode: 0o640)
        let path = program.file("steno.yaml", "juvoly:\n  api-key-file: \(key)\n")
        let result = try await program.run("stream", program.dictation(), "--config", path)
        #expect(result.code == 78)
        #expect(result.errors.contains("\(path):2:"))
        #expect(result.errors.contains("\(key): others can read it"))
        #expect(!result.errors.contains("hidden"))
    }

    @Test("A visit file that others can read is refused")
    func exposedVisit() async throws {
        let program = try StenoProgram()
        let visit = program.file("visit.json", #"{"name": "Bella Quux"}"#, mode: 0o644)
        let arguments = ["stream", program.dictation(), "--sandbox", "--upload", "connectvets", "--visit", visit]
        let result = try await program.run(arguments)
        #expect(result.code == 78)
        #expect(result.errors.contains(visit))
        #expect(!result.errors.contains("Quux"))
    }

    @Test("Every mistake in the configuration is a line with file, line and key")
    func mistakes() async throws {
        let program = try StenoProgram()
        let path = program.file("steno.yaml", "juvoly:\n  modle: medical\n  uplink: mp3\n")
        let result = try await program.run("stream", program.dictation(), "--config", path)
        #expect(result.code == 78)
        #expect(
            result.errorLines == [
                "steno: \(path):2: there is no setting 'juvoly.modle'. Did you mean 'model'?",
                "steno: \(path):3: juvoly.uplink: 'mp3' is none of pcm, flac.",
            ]
        )
    }

    @Test("A configuration that is asked for must be there")
    func missingConfiguration() async throws {
        let program = try StenoProgram()
        let path = program.path("none.yaml")
        let result = try await program.run("doctor", "--config", path)
        #expect(result.code == 78)
        #expect(result.errors == "steno: \(path): there is no such file.\n")
    }

    @Test("An option is stronger than the environment, and that than the file; the doctor says which it was")
    func precedence() async throws {
        let program = try StenoProgram(["JUVOLY_CLIENT_ID": "from-environment", "JUVOLY_API_KEY": "hidden"])
        let path = program.file("steno.yaml", "juvoly:\n  client-id: from-file\n  model: medical\n")
        let result = try await program.run("doctor", "--settings", "--config", path)
        #expect(result.code == 0)
        #expect(result.output.contains("juvoly.client-id = from-environment  (from environment JUVOLY_CLIENT_ID)\n"))
        #expect(result.output.contains("juvoly.model = medical  (from \(path):3)\n"))
        #expect(result.output.contains("juvoly.uplink = pcm  (from default)\n"))
        #expect(!result.output.contains("hidden"))
    }

    @Test("A soep summary does not go with the local engine of the settings")
    func localSoep() async throws {
        let program = try StenoProgram(hasEngine: true)
        let path = program.file("steno.yaml", "recognition:\n  engine: local\n")
        let result = try await program.run("stream", program.dictation(), "--config", path, "--summary", "soep")
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
    }

    @Test("Without the speech engine, the message says how to get it", arguments: ["--engine=local", "--sandbox"])
    func missingEngine(option: String) async throws {
        let program = try StenoProgram()
        let result = try await program.run("stream", program.dictation(), option)
        #expect(result.code == 78)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("scripts/setup"))
    }
}
