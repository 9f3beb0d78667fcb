import Steno
import StenoCore
import StenoHTTP
import Testing

@Suite("Settings: order and origin")
struct SettingsLoadingTests {
    @Test("With nothing set the defaults hold, and say so")
    func defaults() throws {
        let fixture = try SettingsFixture()
        let settings = try fixture.load()
        #expect(settings.juvoly.restURL.value.absolute == "https://services.juvoly.nl/api/v2/rest")
        #expect(settings.juvoly.socketURL.value.absolute == "wss://services.juvoly.nl/api/v2/socket/")
        #expect(settings.juvoly.model == Setting("generic", from: .builtIn))
        #expect(settings.juvoly.readyTimeout.value == .seconds(30))
        #expect(settings.juvoly.apiKey == nil)
        #expect(settings.connectVets.maxBytes.value == 25_000_000)
        #expect(settings.connectVets.maxDuration.value == .seconds(3_600))
        #expect(settings.storage.home.value == fixture.home + "/.local/share/steno")
        #expect(settings.recognition.engine.value == .juvoly)
        #expect(settings.configurationFile == nil)
        #expect(settings.warnings.isEmpty)
    }

    @Test("Option before credential before environment before file before default")
    func order() throws {
        let fixture = try SettingsFixture()
        let path = try fixture.configure("juvoly:\n  model: kolibri\n  client-id: file\n  api-key: file\n")
        #expect(try fixture.load().juvoly.model == Setting("kolibri", from: .configuration(path: path, line: 2)))
        #expect(try fixture.load().juvoly.apiKey?.revealed == "file")

        fixture.environment["JUVOLY_CLIENT_ID"] = "environment"
        fixture.environment["JUVOLY_API_KEY"] = "environment"
        #expect(try fixture.load().juvoly.clientID?.origin == .environment(name: "JUVOLY_CLIENT_ID"))
        #expect(try fixture.load().juvoly.apiKey?.revealed == "environment")

        let credential = try fixture.write("credential\n", to: "run/juvoly-api-key", mode: 0o400)
        fixture.environment["CREDENTIALS_DIRECTORY"] = fixture.home + "/run"
        #expect(try fixture.load().juvoly.apiKey?.revealed == "credential")
        #expect(try fixture.load().juvoly.apiKey?.origin == .credential(path: credential))

        fixture.options["juvoly.model"] = "radiology"
        #expect(try fixture.load().juvoly.model == Setting("radiology", from: .option("--model")))
    }

    @Test(
        "Every variable of the contract reaches its setting, and so does the credential of that name",
        arguments: [
            "JUVOLY_API_KEY", "JUVOLY_CLIENT_ID", "JUVOLY_REST_URL", "JUVOLY_SOCKET_URL", "JUVOLY_SESSION_URL",
            "INVOX_APP_ID", "INVOX_API_KEY", "INVOX_BASE_URL", "INVOX_TOKEN_URL", "INVOX_API_VERSION",
            "CONNECTVETS_API_KEY", "CONNECTVETS_BASE_URL", "NXVET_API_KEY", "NXVET_ORG_ID", "NXVET_BASE_URL",
            "NXVET_WEBHOOK_SECRET",
        ]
    )
    func everyVariable(name: String) throws {
        let value = name == "JUVOLY_SOCKET_URL" ? "wss://h/x" : name.hasSuffix("URL") ? "https://h/x" : "2026-01-01"
        let fixture = try SettingsFixture()
        fixture.environment[name] = value
        let origin = SettingOrigin.environment(name: name)
        #expect(try fixture.load().report.filter { $0.origin == origin }.count == 1)

        fixture.environment = ["CREDENTIALS_DIRECTORY": fixture.home + "/run"]
        let file = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
        let path = try fixture.write(value, to: "run/\(file)", mode: 0o440)
        #expect(try fixture.load().report.filter { $0.origin == .credential(path: path) }.count == 1)
    }

    @Test("An empty variable counts as not set")
    func emptyVariable() throws {
        let fixture = try SettingsFixture()
        fixture.environment["JUVOLY_API_KEY"] = ""
        fixture.environment["XDG_CONFIG_HOME"] = ""
        #expect(try fixture.load().juvoly.apiKey == nil)
    }

    @Test("The file is --config, else the person's, else the machine's")
    func fileOrder() throws {
        let fixture = try SettingsFixture()
        try fixture.write("juvoly:\n  model: machine\n", to: "etc/steno.yaml")
        #expect(try fixture.load().juvoly.model.value == "machine")
        try fixture.configure("juvoly:\n  model: person\n")
        #expect(try fixture.load().juvoly.model.value == "person")
        fixture.environment["XDG_CONFIG_HOME"] = fixture.home + "/xdg"
        #expect(try fixture.load().juvoly.model.value == "machine")
        try fixture.write("juvoly:\n  model: xdg\n", to: "xdg/steno/steno.yaml")
        #expect(try fixture.load().juvoly.model.value == "xdg")
        fixture.configPath = try fixture.write("juvoly:\n  model: named\n", to: "named.yaml")
        #expect(try fixture.load().juvoly.model.value == "named")
        #expect(try fixture.load().configurationFile == fixture.configPath)
    }

    @Test("Data lies in STENO_HOME, else in the data folder of the person")
    func home() throws {
        let fixture = try SettingsFixture()
        fixture.environment["XDG_DATA_HOME"] = "/data"
        #expect(try fixture.load().storage.home.value == "/data/steno")
        try fixture.configure("storage:\n  home: ~/recordings\n")
        #expect(try fixture.load().storage.home.value == fixture.home + "/recordings")
        fixture.environment["STENO_HOME"] = "/srv/steno"
        #expect(try fixture.load().storage.home == Setting("/srv/steno", from: .environment(name: "STENO_HOME")))
    }

    @Test("A key may lie in a file of its own, and is only read when it is needed")
    func keyFile() throws {
        let fixture = try SettingsFixture()
        let path = try fixture.configure("connectvets:\n  api-key-file: ~/cv.key\n")
        let key = try fixture.write("cvn_1\n", to: "cv.key")
        #expect(try fixture.load().connectVets.apiKey?.revealed == "cvn_1")
        #expect(
            try fixture.load().connectVets.apiKey?.origin == .keyFile(path: key, configuration: path, line: 2)
        )
        try fixture.write("cvn_1\n", to: "cv.key", mode: 0o644)
        #expect(fixture.mistakes().count == 1)
        fixture.environment["CONNECTVETS_API_KEY"] = "other"
        #expect(try fixture.load().connectVets.apiKey?.revealed == "other")
    }

    @Test("The stored user key is used when nothing else gives one")
    func storedUserKey() throws {
        let fixture = try SettingsFixture()
        let store = try #require(UserKeyStore(fixture.input))
        try store.store(Secret("user-key"))
        #expect(try fixture.load().juvoly.apiKey?.revealed == "user-key")
        #expect(try fixture.load().juvoly.apiKey?.origin == .storedUserKey(path: store.path))
        try fixture.configure("juvoly:\n  api-key: master\n")
        #expect(try fixture.load().juvoly.apiKey?.revealed == "master")
    }

    @Test("A broker makes a key on this machine superfluous, and that is said")
    func brokerAndKey() throws {
        let fixture = try SettingsFixture()
        fixture.environment = ["JUVOLY_SESSION_URL": "https://broker.example", "JUVOLY_API_KEY": "k"]
        #expect(try fixture.load().warnings.count == 1)
    }

    @Test("An address of another domain than the service's own is a warning")
    func comHost() throws {
        let fixture = try SettingsFixture()
        fixture.environment["CONNECTVETS_BASE_URL"] = "https://api.connectvets.com/notes/v1"
        #expect(try fixture.load().warnings.count == 1)
    }
}
