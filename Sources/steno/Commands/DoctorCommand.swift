import ArgumentParser
import Glibc
import Steno
import StenoEngine
import StenoHTTP

/// `steno doctor`: what is in order, what is not, and how to mend it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check settings, credentials, disk, clock, speech engine and reachability.",
        discussion: "One line for each thing, with what mends it. Ends with 78 when something that is set up does not work."
    )

    @Flag(help: "Print the settings in force and where each comes from; keys are not shown.")
    var settings = false

    @Option(help: ArgumentHelp("Check against the sandbox at this address.", valueName: "URL"))
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Program.run(self.common) { program in
            let settings = try program.settings(sandbox: self.sandbox)
            guard !self.settings else {
                for line in settings.report { try program.write("\(TerminalText.neutralised(line.description))\n") }
                return .success
            }
            var findings = [self.checkSettings(settings), self.checkEngine(program), self.checkDisk(settings), self.checkClock()]
            findings += self.checkCredentials(settings)
            findings += await self.checkReachability(settings)
            for finding in findings { try program.write("\(finding.line)\n") }
            return findings.contains { $0.state == .bad } ? .configuration : .success
        }
    }

    private func checkSettings(_ settings: Settings) -> Finding {
        let file = settings.configurationFile ?? "no configuration file"
        guard let warning = settings.warnings.first else { return Finding(.good, "settings", file) }
        return Finding(.note, "settings", "\(file). \(warning)")
    }

    private func checkEngine(_ program: Program) -> Finding {
        do {
            _ = try SandboxHost.engineFiles(in: program.engineFolder)
            return Finding(.good, "engine", "the embedded speech engine is installed (English only)")
        } catch {
            return Finding(.note, "engine", Failure(error).description)
        }
    }

    private func checkDisk(_ settings: Settings) -> Finding {
        // The folder is made with the first recording; until then, the space of what it will be made in counts.
        var folder = settings.storage.home.value
        var status = statvfs()
        while statvfs(folder, &status) != 0 {
            guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else {
                return Finding(.bad, "disk", "'\(settings.storage.home.value)' cannot be used. Set STENO_HOME to a folder of yours.")
            }
            folder = String(folder[..<slash])
        }
        let free = Int64(clamping: status.f_bavail) * Int64(clamping: status.f_frsize)
        let megabytes = free / 1_000_000
        return free < 500_000_000
            ? Finding(.bad, "disk", "\(megabytes) MB are free, which is little. Free some space.")
            : Finding(.good, "disk", "\(megabytes) MB are free for '\(settings.storage.home.value)'")
    }

    private func checkClock() -> Finding {
        // Certificates are judged by it. The program cannot be older than its own release.
        time(nil) > 1_767_225_600
            ? Finding(.good, "clock", "set")
            : Finding(.bad, "clock", "it is years slow, so certificates will be refused. Set the time.")
    }

    private func checkCredentials(_ settings: Settings) -> [Finding] {
        let juvoly: Finding
        if let broker = settings.juvoly.sessionURL {
            juvoly = Finding(.good, "juvoly", "sessions come from the broker at \(broker.value.origin)")
        } else if settings.juvoly.apiKey != nil, settings.juvoly.clientID != nil {
            juvoly = Finding(.good, "juvoly", "key and client id are set")
        } else {
            juvoly = Finding(.note, "juvoly", "no credentials. Set JUVOLY_API_KEY and JUVOLY_CLIENT_ID, or run 'steno login juvoly'.")
        }
        let hasInvox = settings.invox.appID != nil && settings.invox.apiKey != nil && settings.invox.baseURL != nil
            && settings.invox.tokenURL != nil
        return [
            juvoly,
            hasInvox
                ? Finding(.good, "invox", "credentials and addresses are set")
                : Finding(.note, "invox", "not set up. INVOX_APP_ID, INVOX_API_KEY, INVOX_BASE_URL and INVOX_TOKEN_URL are needed."),
            settings.connectVets.apiKey != nil
                ? Finding(.good, "connectvets", "key is set")
                : Finding(.note, "connectvets", "not set up. CONNECTVETS_API_KEY is needed."),
        ]
    }

    /// Only what is set up is asked, and without any key: whether there is an answer at all is the question.
    private func checkReachability(_ settings: Settings) async -> [Finding] {
        var addresses: [(String, ServiceURL)] = []
        if let broker = settings.juvoly.sessionURL {
            addresses.append(("juvoly", broker.value))
        } else if settings.juvoly.apiKey != nil {
            addresses.append(("juvoly", settings.juvoly.restURL.value))
        }
        if settings.invox.apiKey != nil, let url = settings.invox.baseURL { addresses.append(("invox", url.value)) }
        if settings.connectVets.apiKey != nil { addresses.append(("connectvets", settings.connectVets.baseURL.value)) }
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: settings.caFile?.value))
        var findings: [Finding] = []
        for (name, url) in addresses {
            do throws(HTTPFailure) {
                _ = try await transport.send(HTTPRequest(.get, url, timeLimit: .seconds(10)))
                findings.append(Finding(.good, name, "\(url.origin) answers"))
            } catch {
                findings.append(Finding(.bad, name, "\(url.origin) does not answer. Check the address, the network and the certificates."))
            }
        }
        await transport.shutdown()
        return findings
    }
}

/// One line of the doctor.
private struct Finding {
    enum State: String {
        case good = "ok  "
        /// Not set up, or worth knowing.
        case note = "note"
        case bad = "BAD "
    }

    let state: State
    let line: String

    init(_ state: State, _ subject: String, _ text: String) {
        self.state = state
        self.line = "\(state.rawValue)  \(subject): \(TerminalText.neutralised(text))"
    }
}
