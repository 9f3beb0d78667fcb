import Testing

@Suite("Wrong use")
struct WrongUseTests {
    @Test(
        "What is wrong with a command line ends with 64, a sentence, and nothing on standard output",
        arguments: [
            (["steam", "a.wav"], "'steam' is not a command. Did you mean 'stream'?"),
            (["help", "steam"], "'steam' is not a command."),
            (["stream"], "Missing expected argument"),
            (["stream", "a.wav", "--formt", "json"], "Unknown option '--formt'. Did you mean '--format'?"),
            (["stream", "a.wav", "--format", "pdf"], "'pdf' is invalid for '--format"),
            (["stream", "a.wav", "--speed", "0"], "'0' is invalid for '--speed"),
            (["stream", "a.wav", "--speed", "1e-300"], "'1e-300' is invalid for '--speed"),
            (["stream", "a.wav", "--speed", "nan"], "'nan' is invalid for '--speed"),
            (["stream", "a.wav", "--give-up", "soon"], "'soon' is invalid for '--give-up"),
            (["stream", "a.wav", "--rate", "0"], "--rate takes 1 to 768000 Hz"),
            (["stream", "a.wav", "--channels", "65"], "--channels takes 1 to 64"),
            (["stream", "a.wav", "b.wav", "--output", "c.txt"], "--output takes one recording at a time"),
            (["stream", "a.wav", "--output", "c.wav"], "'c.wav' has no suffix that names a format"),
            (["stream", "a.wav", "--output", "c.txt", "--output", "c.txt"], "the same file twice"),
            (["stream", "a.wav", "--summary", "soep", "--summary", "soep"], "the same kind twice"),
            (["stream", "a.wav", "--summary", "soap"], "'soap' is invalid for '--summary"),
            (["stream", "a.wav", "--engine", "local", "--summary", "soep"], "does not go with --engine local"),
            (["stream", "a.wav", "--patient", "Bella"], "--upload connectvets, which is missing"),
            (["stream", "a.wav", "--wait"], "--upload connectvets, which is missing"),
            (["stream", "a.wav", "--upload", "connectvets"], "needs the patient"),
            (["stream", "a.wav", "--upload", "connectvets", "--patient", ""], "1 to 100 characters"),
            (["stream", "a.wav", "--upload", "connectvets", "--patient", "B", "--meta", "=x"], "KEY=VALUE"),
            (["stream", "a.wav", "--upload", "connectvets", "--patient", "B", "--visit", "v.json"], "Use one of them"),
            (["stream", "-", "-"], "can be read once only"),
            (["stream", "http://127.0.0.1:1"], "'http://127.0.0.1:1' is an address and not a recording"),
            (["stream", "a.wav", "--sandbox="], "Missing value for '--sandbox"),
            (["doctor", "--sandbox"], "needs the address of a sandbox"),
            (["login", "juvoly", "--sandbox"], "needs the address of a sandbox"),
            (["login", "juvoly", "--password-stdin"], "--password-stdin needs --email"),
            (["sandbox", "--port", "65536"], "--port takes 0 to 65535"),
            (["notes", "show"], "Missing expected argument"),
            (["notes", "list", "--limit", "0"], "--limit takes 1 to 100"),
            (["notes", "list", "--days", "0"], "--days takes 1 to 3650"),
            (["notes", "list", "--from", "2026-02-30"], "--from takes a day"),
            (["notes", "list", "--from", "2026-03-02", "--to", "2026-03-01"], "must not be before --from"),
            (["notes", "list", "--status", "unknown"], "'unknown' is invalid for '--status"),
            (["notes", "export", "n", "--format", "pdf"], "'pdf' is invalid for '--format"),
            (["notes", "edit", "n", "s"], "Missing expected argument '--content"),
            (["nxvet", "devices", "--json", "--csv"], "two forms"),
            (["nxvet", "label"], "Missing expected argument"),
            (["nxvet", "labels", "--limit", "0"], "--limit takes 1 to 200"),
            (["nxvet", "labels", "--limit", "201"], "--limit takes 1 to 200"),
            (["nxvet", "labels", "--offset", "-1"], "--offset"),
            (["nxvet", "labels", "--sort", "Age"], "'Age' is invalid for '--sort"),
            (["nxvet", "conversations", "--status", "DONE"], "'DONE' is invalid for '--status"),
            (["nxvet", "conversations", "--page-size", "0"], "--page-size takes 1 to 200"),
            (["nxvet", "aggregate", "1", "2", "3", "4", "5", "6", "--patient", "p", "--template", "t"], "at most 5"),
            (["nxvet", "aggregate", "1", "1", "--patient", "p", "--template", "t"], "A label is named twice"),
            (["nxvet", "aggregate", "1", "--patient", "p"], "Missing expected argument '--template"),
            (
                ["nxvet", "timeline", "d", "--from", "2026-05-10T00:00Z", "--to", "2026-05-10T06:01Z"],
                "at most 6 hours, and this is 6 h 1 min"
            ),
            (
                ["nxvet", "preview", "d", "--from", "2026-05-10T00:00Z", "--to", "2026-05-10T01:31Z"],
                "at most 90 minutes, and this is 1 h 31 min"
            ),
            (
                ["nxvet", "create", "d", "--from", "1778400000000", "--to", "1778405400001"],
                "at most 90 minutes, and this is 1 h 31 min"
            ),
            (["nxvet", "create", "d", "--from", "1778405400000", "--to", "1778400000000"], "must be after"),
            (["nxvet", "preview", "d", "--from", "1778400000", "--to", "1778400060"], "is invalid for '--from"),
            (["nxvet", "preview", "d", "--from", "noon", "--to", "1778400060000"], "'noon' is invalid for '--from"),
        ] as [([String], String)]
    )
    func usage(arguments: [String], sentence: String) async throws {
        let result = try await StenoProgram().run(arguments)
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(sentence), "\(result.errors)")
        #expect(result.errors.contains("--help"))
    }

    @Test("A summary by Invox needs its language before any work is done")
    func invoxLanguage() async throws {
        let program = try StenoProgram()
        let result = try await program.run(
            "stream",
            program.dictation(),
            "--sandbox=http://127.0.0.1:1",
            "--summary",
            "invox"
        )
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors == "steno: --summary invox needs --language CODE, such as --language en.\n")
    }
}
