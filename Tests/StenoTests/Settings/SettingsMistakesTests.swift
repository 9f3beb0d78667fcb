import Steno
import Testing

@Suite("Settings: mistakes")
struct SettingsMistakesTests {
    @Test(
        "A mistake in the file is named by file, line and key",
        arguments: [
            ("juvoly:\n  modle: x\n", "2: there is no setting 'juvoly.modle'. Did you mean 'model'?"),
            (
                "juvoly:\n  api-keyfile: x\n",
                "2: there is no setting 'juvoly.api-keyfile'. Did you mean 'api-key-file'?"
            ),
            ("juvoly:\n  zzzzzzzzzz: x\n", "2: there is no setting 'juvoly.zzzzzzzzzz'."),
            ("\n\njuvolly:\n  model: x\n", "3: there is no section 'juvolly'. Did you mean 'juvoly'?"),
            ("juvoly: x\n", "1: juvoly must hold settings, one on each line, indented."),
            ("- juvoly\n", "1: must hold sections such as 'juvoly:'."),
            ("juvoly:\n  model: [a, b]\n", "2: juvoly.model must be a single value."),
            ("juvoly:\n  model: {a: b}\n", "2: juvoly.model must be a single value."),
            ("juvoly:\n  model:\n", "2: juvoly.model has no value. Give one, or remove the line."),
            ("juvoly:\n  [a]: b\n", "2: a name in juvoly must be a word."),
            ("[a]: b\n", "1: a section name must be a word."),
            ("juvoly:\n  model: a\n  model: b\n", "2: a name stands here twice. Keep one."),
            ("juvoly:\n  model: 'a\n", "3: not valid YAML here. Each line is 'name: value', indented with spaces."),
            ("juvoly:\n\tmodel: a\n", "2: not valid YAML here. Each line is 'name: value', indented with spaces."),
            (
                "juvoly:\n  api-key: a\n  api-key-file: /b\n",
                "3: juvoly.api-key-file: give api-key or api-key-file, not both."
            ),
            ("juvoly:\n  api-key-file: b\n", "2: juvoly.api-key-file: the path must begin with / or ~/."),
            ("tls:\n  ca-file: b\n", "2: tls.ca-file: the path must begin with / or ~/."),
            ("juvoly:\n  uplink: mp3\n", "2: juvoly.uplink: 'mp3' is none of pcm, flac."),
            (
                "juvoly:\n  ready-timeout: soon\n",
                "2: juvoly.ready-timeout: 'soon' is not a length of time. Write it as 30 s, 2 min or 1 h."
            ),
            ("juvoly:\n  ready-timeout: 1 h\n", "2: juvoly.ready-timeout: '1 h' is outside 1 s to 5 min."),
            ("storage:\n  keep: -1\n", "2: storage.keep: '-1' is not a whole number from 0 to 36500."),
            ("storage:\n  seal: maybe\n", "2: storage.seal: 'maybe' is neither yes nor no."),
            (
                "invox:\n  api-version: 2026-13-01\n",
                "2: invox.api-version: '2026-13-01' is not a date such as 2026-03-01."
            ),
            (
                "recognition:\n  language: Dutch\n",
                "2: recognition.language: 'Dutch' is not a language code of ISO 639, such as nl or en."
            ),
            ("juvoly:\n  client-id: a,b\n", "2: juvoly.client-id: has a character that cannot stand in a handshake."),
            (
                "juvoly:\n  api-key: \"a b\"\n",
                "2: juvoly.api-key: has a space, a line break or another character that no key has."
            ),
            (
                "juvoly:\n  rest-url: http://example.org\n",
                "2: juvoly.rest-url: plain http to 'example.org' would send keys and patient data readable to all. "
                    + "Use https; plain http is for this machine (localhost) only."
            ),
            (
                "juvoly:\n  socket-url: https://example.org\n",
                "2: juvoly.socket-url: the address must begin with wss://."
            ),
            (
                "juvoly:\n  end-of-stream: text-message\n",
                "juvoly.end-message: is needed when juvoly.end-of-stream is text-message."
            ),
            (
                "connectvets:\n  min-duration: 1 h\n  max-duration: 1 min\n",
                "2: connectvets.min-duration: is longer than connectvets.max-duration."
            ),
        ]
    )
    func namesThePlace(text: String, mistake: String) throws {
        let fixture = try SettingsFixture()
        try fixture.configure(text)
        let expected = mistake.first?.isNumber == true ? "~/.config/steno/steno.yaml:\(mistake)" : mistake
        #expect(fixture.mistakes() == [expected])
    }

    @Test("All mistakes come at once")
    func allAtOnce() throws {
        let fixture = try SettingsFixture()
        try fixture.configure("juvoly:\n  uplink: mp3\n  modle: x\nstorage:\n  keep: x\n")
        fixture.environment["INVOX_BASE_URL"] = "invox"
        #expect(fixture.mistakes().count == 4)
    }

    @Test("A mistake in a variable or an option is named by it")
    func otherPlaces() throws {
        let fixture = try SettingsFixture()
        fixture.environment["JUVOLY_REST_URL"] = "services"
        fixture.options["recognition.engine"] = "cloud"
        #expect(
            fixture.mistakes() == [
                "--engine: 'cloud' is none of juvoly, local.",
                "JUVOLY_REST_URL (environment): not an address. Write it whole, as in 'https://host/path'.",
            ]
        )
    }

    @Test(
        "A file that others can read is refused, and the cure is named",
        arguments: [0o640, 0o604, 0o660, 0o644, 0o620]
    )
    func exposedFile(mode: Int) throws {
        let fixture = try SettingsFixture()
        try fixture.configure("juvoly:\n  model: x\n", mode: mode)
        let path = "~/.config/steno/steno.yaml"
        #expect(
            fixture.mistakes() == [
                "\(path): others can read it (mode 0\(String(mode, radix: 8))). Run: chmod 600 \(path)"
            ]
        )
    }

    @Test("A key file or a credential that others can read is refused")
    func exposedKeys() throws {
        let fixture = try SettingsFixture()
        try fixture.write("k", to: "k", mode: 0o640)
        try fixture.write("k", to: "run/nxvet-api-key", mode: 0o444)
        try fixture.configure("juvoly:\n  api-key-file: ~/k\n")
        fixture.environment["CREDENTIALS_DIRECTORY"] = fixture.home + "/run"
        #expect(
            fixture.mistakes() == [
                "~/run/nxvet-api-key: others can read it (mode 0444). Run: chmod 600 ~/run/nxvet-api-key",
                "~/.config/steno/steno.yaml:2: juvoly.api-key-file: ~/k: others can read it (mode 0640). "
                    + "Run: chmod 600 ~/k",
            ]
        )
    }

    @Test("A configuration that was asked for must exist, and must be a file")
    func missingFile() throws {
        let fixture = try SettingsFixture()
        fixture.configPath = fixture.home + "/none.yaml"
        #expect(fixture.mistakes() == ["~/none.yaml: there is no such file."])
        fixture.configPath = fixture.home
        #expect(fixture.mistakes() == ["~: not a regular file."])
        fixture.configPath = "/dev/zero"
        #expect(fixture.mistakes() == ["/dev/zero: not a regular file."])
    }

    @Test("A file that is no configuration is refused without a crash")
    func hostileFiles() throws {
        let fixture = try SettingsFixture()
        for text in [
            String(repeating: "[", count: 60_000), String(repeating: "- ", count: 30_000),
            String(repeating: "? ", count: 30_000), String(repeating: "{a: ", count: 15_000),
            String(repeating: "x", count: 70_000), "\u{0}\u{1}\u{2}", "&a [*a]", "a: &a [*a, *a]\n<<: *a\n",
            "!!binary x",
            "--- a\n--- b\n", "%YAML 9.9\n---\na", "juvoly:\n  <<: {model: x}\n",
            (0..<360).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ] {
            try fixture.configure(text)
            #expect(!fixture.mistakes().isEmpty, "\(text.prefix(20))")
        }
    }

    @Test(
        "Comments alone, and empty sections, are no mistake",
        arguments: ["", "# nothing\n", "juvoly:\n", "---\n", "juvoly:\n  # none\n"]
    )
    func emptyFiles(text: String) throws {
        let fixture = try SettingsFixture()
        try fixture.configure(text)
        #expect(fixture.mistakes() == [])
    }

    @Test("Without a home there must be a place for recordings")
    func noHome() {
        let error = #expect(throws: SettingsError.self) {
            try Settings.load(SettingsInput(environment: [:], systemFolder: "/nonexistent"))
        }
        #expect(error?.mistakes.count == 1)
    }
}
