import Steno

/// One line of the doctor.
struct Finding {
    enum State: String {
        case good = "ok  "
        /// Not set up, or worth knowing.
        case note = "note"
        case bad = "BAD "
    }

    let state: State
    /// What a job that needs it would end with.
    let code: ExitCode
    let line: String

    static func good(_ subject: String, _ text: String) -> Finding { Finding(.good, .success, subject, text) }
    static func note(_ subject: String, _ text: String) -> Finding { Finding(.note, .success, subject, text) }

    static func bad(_ subject: String, _ text: String, _ code: ExitCode) -> Finding {
        Finding(.bad, code, subject, text)
    }

    private init(_ state: State, _ code: ExitCode, _ subject: String, _ text: String) {
        self.state = state
        self.code = code
        self.line = "\(state.rawValue)  \(subject): \(TerminalText.neutralised(text))"
    }
}
