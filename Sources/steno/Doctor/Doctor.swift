import Glibc
import Steno
import StenoALSA
import StenoHTTP
import StenoStore

/// Looks at everything a job needs.
struct Doctor {
    /// Bytes: an hour of recordings with room to spare.
    private static let littleSpace: Int64 = 500_000_000

    private let settings: Settings
    private let engineFolder: String?
    private let library: RecordingLibrary

    init(_ settings: Settings, _ library: RecordingLibrary, engineFolder: String?) {
        self.settings = settings
        self.library = library
        self.engineFolder = engineFolder
    }

    func findings() async -> [Finding] {
        [self.configuration, self.engine, Self.microphone(CaptureDevices.all { _ in }), self.disk, self.clock]
            + self.storage + self.credentials + (await self.reachability())
    }

    private var configuration: Finding {
        let file = self.settings.configurationFile ?? "no configuration file, defaults and environment only"
        guard let warning = self.settings.warnings.first else { return .good("settings", file) }
        return .note("settings", "\(file). \(warning)")
    }

    private var engine: Finding {
        do {
            _ = try SandboxHost.engineFiles(in: self.engineFolder)
            return .good("engine", "the local speech engine is installed (English only)")
        } catch {
            return .note("engine", Failure(error).messages.joined(separator: " "))
        }
    }

    private var disk: Finding {
        let home = self.settings.storage.home.value
        // The folder is made with the first recording; until then, what it will be made in counts.
        var folder = home
        var status = statvfs()
        while statvfs(folder, &status) != 0 {
            guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash > folder.startIndex else {
                return .bad("disk", "'\(home)' cannot be used. Set STENO_HOME to a folder of yours.", .disk)
            }
            folder = String(folder[..<slash])
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            return .bad("disk", "'\(folder)' cannot be written to. Set STENO_HOME to a folder of yours.", .disk)
        }
        let free = Int64(clamping: status.f_bavail).multipliedReportingOverflow(by: Int64(clamping: status.f_frsize))
        let bytes = free.overflow ? Int64.max : free.partialValue
        let text = "\(bytes / 1_000_000) MB are free for '\(home)'"
        return bytes < Self.littleSpace
            ? .bad("disk", "only \(text). Free some space.", .disk) : .good("disk", text)
    }

    /// Certificates are judged by it.
    private var clock: Finding {
        WallClock.now() > WallClock.oldest
            ? .good("clock", Notices.time())
            : .bad("clock", "it is years slow, so certificates will be refused. Set the time.", .configuration)
    }

    private var storage: [Finding] {
        let isSealing = self.settings.storage.isSealed.value
        return [Self.recordings(self.library)] + Self.audit(self.library)
            + (self.library.vault.map { [Self.key($0, isSealing: isSealing)] } ?? [])
    }

    private var credentials: [Finding] {
        [self.juvoly, self.invox, self.connectVets, self.nxVET]
    }

    private var juvoly: Finding {
        let juvoly = self.settings.juvoly
        if let broker = juvoly.sessionURL { return .good("juvoly", "sessions come from \(broker.value.origin)") }
        guard juvoly.apiKey != nil, juvoly.clientID != nil else {
            return .note(
                "juvoly",
                "no credentials. Set JUVOLY_API_KEY and JUVOLY_CLIENT_ID, or run 'steno login juvoly'."
            )
        }
        return .good("juvoly", "key and client id are set")
    }

    private var invox: Finding {
        let invox = self.settings.invox
        let isSet = invox.appID != nil && invox.apiKey != nil && invox.baseURL != nil && invox.tokenURL != nil
        return isSet
            ? .good("invox", "credentials and addresses are set")
            : .note("invox", "not set up. INVOX_APP_ID, INVOX_API_KEY, INVOX_BASE_URL and INVOX_TOKEN_URL are needed.")
    }

    private var connectVets: Finding {
        self.settings.connectVets.apiKey != nil
            ? .good("connectvets", "key is set")
            : .note("connectvets", "not set up. CONNECTVETS_API_KEY is needed.")
    }

    private var nxVET: Finding {
        guard self.settings.nxVET.apiKey != nil else {
            return .note("nxvet", "not set up. NXVET_API_KEY is needed, and NXVET_ORG_ID saves a question.")
        }
        return .good("nxvet", self.settings.nxVET.organisationID == nil ? "key is set" : "key and organisation are set")
    }

    /// Only what is set up is asked, and without any key: whether there is an answer at all is the question.
    private func reachability() async -> [Finding] {
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value))
        var findings: [Finding] = []
        for (name, url) in self.addresses {
            do throws(HTTPFailure) {
                _ = try await transport.send(HTTPRequest(.get, url, timeLimit: .seconds(10)))
                findings.append(.good(name, "\(url.origin) answers"))
            } catch {
                let advice = "Check the address, the network and the certificates."
                findings.append(.bad(name, "\(url.origin) does not answer. \(advice)", .unreachable))
            }
        }
        await transport.shutdown()
        return findings
    }

    private var addresses: [(name: String, url: ServiceURL)] {
        let juvoly = self.settings.juvoly
        var addresses: [(String, ServiceURL)] = []
        if let broker = juvoly.sessionURL {
            addresses.append(("juvoly", broker.value))
        } else if juvoly.apiKey != nil {
            addresses.append(("juvoly", juvoly.restURL.value))
        }
        let invox = self.settings.invox
        if invox.apiKey != nil, let url = invox.baseURL { addresses.append(("invox", url.value)) }
        if invox.apiKey != nil, let url = invox.tokenURL, url.value.origin != invox.baseURL?.value.origin {
            addresses.append(("invox", url.value))
        }
        if self.settings.connectVets.apiKey != nil {
            addresses.append(("connectvets", self.settings.connectVets.baseURL.value))
        }
        if self.settings.nxVET.apiKey != nil { addresses.append(("nxvet", self.settings.nxVET.baseURL.value)) }
        return addresses
    }
}
