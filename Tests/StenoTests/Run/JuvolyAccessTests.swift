import NIOPosix
import Steno
import StenoCore
import StenoHTTP
import StenoJuvoly
import Testing

@Suite("Juvoly access")
struct JuvolyAccessTests {
    private let fixture: SettingsFixture

    init() throws {
        self.fixture = try SettingsFixture()
    }

    /// What the settings make of the recogniser, or the mistake they are.
    private func configuration() async throws -> Result<JuvolyConfiguration, SettingsError> {
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: nil))
        let access = JuvolyAccess(try self.fixture.load(), transport: transport)
        let answer: Result<JuvolyConfiguration, SettingsError>
        do throws(SettingsError) {
            let choice = try access.recognizer(
                policy: SessionPolicy(),
                discardsUnsentOnStop: true,
                on: MultiThreadedEventLoopGroup.singleton.next()
            )
            guard case .juvoly(let configuration, _, _) = choice else { throw SettingsError("not Juvoly") }
            answer = .success(configuration)
        } catch {
            answer = .failure(error)
        }
        await transport.shutdown()
        return answer
    }

    @Test(
        "Missing credentials are named, with what works without them",
        arguments: [([:], "JUVOLY_API_KEY"), (["JUVOLY_API_KEY": "k"], "JUVOLY_CLIENT_ID")]
            as [([String: String], String)]
    )
    func missing(environment: [String: String], name: String) async throws {
        self.fixture.environment = environment
        let error = try #require(try await self.configuration().error)
        #expect(error.description.hasPrefix("\(name) is not set"))
        #expect(error.description.contains("--sandbox"))
        #expect(error.description.contains("--engine local"))
    }

    @Test("A broker needs no key on this machine")
    func broker() async throws {
        self.fixture.environment = ["JUVOLY_SESSION_URL": "https://broker.example.org/session"]
        #expect(try await self.configuration().error == nil)
    }

    @Test("What the settings say reaches the session")
    func settings() async throws {
        self.fixture.environment = ["JUVOLY_API_KEY": "k", "JUVOLY_CLIENT_ID": "c"]
        try self.fixture.configure(
            "juvoly:\n  model: medical\n  uplink: flac\n  ready-timeout: 7 s\n  connection-limit: 3 h\n"
        )
        let configuration = try await self.configuration().get()
        #expect(configuration.model == "medical")
        #expect(configuration.uplink == .flac)
        #expect(configuration.policy.readyLimit == .seconds(7))
        #expect(configuration.policy.connectionLimit == .seconds(10_800))
    }
}

extension Result {
    fileprivate var error: Failure? { if case .failure(let error) = self { error } else { nil } }
}
