import Steno
import StenoCore
import StenoHTTP
import Testing

@Suite("Settings: secrecy")
struct SettingsSecrecyTests {
    private static let secrets = [
        "JUVOLY_API_KEY", "INVOX_APP_ID", "INVOX_API_KEY", "CONNECTVETS_API_KEY", "NXVET_API_KEY",
        "NXVET_WEBHOOK_SECRET",
    ]

    @Test("Neither report, nor value, nor warning shows a key, wherever it came from")
    func reportIsClean() throws {
        let fixture = try SettingsFixture()
        for name in Self.secrets { fixture.environment[name] = "canary-\(name)" }
        fixture.environment["JUVOLY_SESSION_URL"] = "https://broker.example/x?token=canary-query"
        let settings = try fixture.load()
        let report = settings.report.map(\.description).joined(separator: "\n")
        var dumped = ""
        dump(settings.juvoly, to: &dumped)
        #expect(!"\(report)\(settings.warnings)\(settings)".contains("canary-C"))
        #expect(!report.contains("canary"))
        #expect(report.contains("juvoly.api-key = ‹redacted›  (from environment JUVOLY_API_KEY)"))
        #expect(report.contains("juvoly.session-url = https://broker.example/x?‹redacted›"))
        #expect(report.contains("juvoly.client-id is not set"))
        #expect(!dumped.contains("canary-JUVOLY"))
    }

    @Test(
        "No mistake repeats a key",
        arguments: [
            "juvoly:\n  api-key: canary key\n",
            "juvoly:\n  api-key: [canary]\n",
            "juvoly:\n  api-key canary\n",
            "juvoly:\n  api-key: 'canary\n",
            "juvoly:\n  api-key: canary: canary\n",
            "juvoly: canary\n",
            "canary\n",
            "juvoly:\n  rest-url: canary\n",
            "juvoly:\n  rest-url: https://canary@host/\n",
            "juvoly:\n  rest-url: https://host/ canary\n",
            "juvoly:\n  api-key: canary\n  api-key: canary\n",
            "juvoly:\n  api-key-file: canary\n",
            "juvoly:\n  api-key: \"canary\\x01\"\n",
            "invox:\n  app-id: cänary\n  base-url: http://example.org/canary\n",
        ]
    )
    func mistakesAreClean(text: String) throws {
        let fixture = try SettingsFixture()
        try fixture.configure(text)
        let mistakes = fixture.mistakes()
        #expect(!mistakes.isEmpty)
        #expect(!mistakes.joined().contains("canary"))
    }

    @Test("A bad key in a variable, a credential or a key file is named by its place only")
    func badKeysElsewhere() throws {
        let fixture = try SettingsFixture()
        fixture.environment["INVOX_API_KEY"] = "canary canary"
        try fixture.write("canary\ncanary\n", to: "run/nxvet-api-key")
        fixture.environment["CREDENTIALS_DIRECTORY"] = fixture.home + "/run"
        try fixture.write("canary \u{7F} canary", to: "key")
        try fixture.configure("connectvets:\n  api-key-file: ~/key\n")
        let mistakes = fixture.mistakes()
        #expect(mistakes.count == 3)
        #expect(!mistakes.joined().contains("canary"))
    }

    @Test("A secret cannot be an option")
    func secretOption() throws {
        let fixture = try SettingsFixture()
        fixture.options["juvoly.api-key"] = "canary"
        #expect(try fixture.load().juvoly.apiKey == nil)
    }
}

@Suite("Settings: sandbox")
struct SettingsSandboxTests {
    private static func endpoints(_ base: String = "http://127.0.0.1:4321") throws -> SandboxEndpoints {
        try SandboxEndpoints(
            base: base,
            credentials: .init(
                juvolyAPIKey: Secret("fake-juvoly"),
                juvolyClientID: "fake-client",
                invoxAppID: Secret("fake-app"),
                invoxAPIKey: Secret("fake-invox"),
                connectVetsAPIKey: Secret("fake-cv"),
                nxVETAPIKey: Secret("fake-nxvet"),
                nxVETOrganisationID: "fake-organisation",
                nxVETWebhookSecret: Secret("fake-webhook")
            )
        )
    }

    @Test("Every address and key is the sandbox's, and real ones are not even read")
    func everythingFake() throws {
        let fixture = try SettingsFixture()
        for name in ["JUVOLY_API_KEY", "INVOX_APP_ID", "INVOX_API_KEY", "CONNECTVETS_API_KEY", "JUVOLY_CLIENT_ID"] {
            fixture.environment[name] = "real"
        }
        for name in ["JUVOLY_REST_URL", "INVOX_BASE_URL", "INVOX_TOKEN_URL", "CONNECTVETS_BASE_URL"] {
            fixture.environment[name] = "https://real.example"
        }
        fixture.environment["JUVOLY_SESSION_URL"] = "https://real.example"
        fixture.environment["NXVET_API_KEY"] = "real"
        fixture.environment["NXVET_ORG_ID"] = "real"
        fixture.environment["CREDENTIALS_DIRECTORY"] = fixture.home + "/run"
        try fixture.write("real", to: "run/juvoly-api-key", mode: 0o444)
        try fixture.configure("juvoly:\n  model: kolibri\n  client-id: real\nnxvet:\n  webhook-secret-file: ~/none\n")
        let settings = try fixture.load(sandbox: try Self.endpoints())
        #expect(settings.juvoly.apiKey?.revealed == "fake-juvoly")
        #expect(settings.juvoly.clientID?.value == "fake-client")
        #expect(settings.juvoly.restURL.value.absolute == "http://127.0.0.1:4321/api/v2/rest")
        #expect(settings.juvoly.socketURL.value.absolute == "ws://127.0.0.1:4321/api/v2/socket/")
        #expect(settings.juvoly.sessionURL == nil)
        #expect(settings.invox.appID?.revealed == "fake-app")
        #expect(settings.invox.apiKey?.revealed == "fake-invox")
        #expect(settings.invox.baseURL?.value.origin == "http://127.0.0.1:4321")
        #expect(settings.connectVets.apiKey?.revealed == "fake-cv")
        #expect(settings.connectVets.baseURL.value.absolute == "http://127.0.0.1:4321/notes/v1")
        #expect(settings.nxVET.apiKey?.revealed == "fake-nxvet")
        #expect(settings.nxVET.organisationID?.value == "fake-organisation")
        #expect(settings.nxVET.baseURL.value.absolute == "http://127.0.0.1:4321/api")
        #expect(settings.nxVET.webhookSecret?.revealed == "fake-webhook")
        #expect(settings.juvoly.model.value == "kolibri")
        #expect(settings.storage.home.value == fixture.home + "/.local/share/steno/sandbox")
        #expect(!settings.report.map(\.description).joined().contains("real"))
    }

    @Test(
        "A sandbox is on this machine",
        arguments: ["https://127.0.0.1:1", "http://example.org", "ws://127.0.0.1:1", "http://127.0.0.1:1/path", "x"]
    )
    func onlyHere(base: String) {
        #expect(throws: SettingsError.self) { try Self.endpoints(base) }
    }

    @Test("A last slash makes no difference")
    func lastSlash() throws {
        let fixture = try SettingsFixture()
        let settings = try fixture.load(sandbox: try Self.endpoints("http://localhost:8/"))
        #expect(settings.juvoly.restURL.value.absolute == "http://localhost:8/api/v2/rest")
    }
}
