package import NIOCore
package import StenoCore
package import StenoHTTP
import StenoJuvoly

/// Makes the recogniser that the settings ask for.
package struct JuvolyAccess: Sendable {
    private let settings: Settings
    private let transport: HTTPTransport

    package init(_ settings: Settings, transport: HTTPTransport) {
        self.settings = settings
        self.transport = transport
    }

    /// - Throws: when credentials are missing; the text names what works without them.
    package static func check(_ settings: Settings) throws(SettingsError) {
        _ = try Self.source(settings.juvoly)
    }

    /// - Throws: when credentials are missing; the text names what works without them.
    package func recognizer(
        policy: SessionPolicy,
        discardsUnsentOnStop: Bool,
        on eventLoop: any EventLoop
    ) throws(SettingsError) -> RecognizerChoice {
        let juvoly = self.settings.juvoly
        let source = try Self.source(juvoly)
        let client = JuvolySessionClient(transport: self.transport)
        var policy = policy
        policy.readyLimit = juvoly.readyTimeout.value
        policy.connectionLimit = juvoly.connectionLimit?.value
        let configuration = JuvolyConfiguration(
            socketBase: juvoly.socketURL.value,
            model: juvoly.model.value,
            uplink: juvoly.uplink.value == .flac ? .flac : .pcm,
            policy: policy,
            endOfStream: Self.endOfStream(juvoly),
            subprotocol: juvoly.subprotocol.value,
            acceptsAnySubprotocol: juvoly.acceptsAnySubprotocol.value,
            trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value),
            discardsUnsentOnStop: discardsUnsentOnStop
        )
        return .juvoly(
            configuration,
            tickets: {
                do throws(ServiceError) {
                    return .success(try await client.createSession(from: source))
                } catch {
                    return .failure(error)
                }
            },
            eventLoop: eventLoop
        )
    }

    private static func endOfStream(_ juvoly: Settings.Juvoly) -> JuvolyConfiguration.EndOfStream {
        switch juvoly.endOfStream.value {
        case .silenceThenClose: .silenceThenClose
        case .closeFirst: .closeFirst
        case .emptyBinary: .emptyBinary
        case .textMessage: juvoly.endMessage.map { .textMessage($0.value) } ?? .silenceThenClose
        }
    }

    private static func source(_ juvoly: Settings.Juvoly) throws(SettingsError) -> SessionSource {
        if let broker = juvoly.sessionURL { return .broker(broker.value, clientID: juvoly.clientID?.value) }
        guard let key = juvoly.apiKey, let clientID = juvoly.clientID else {
            let missing = juvoly.apiKey == nil ? "JUVOLY_API_KEY" : "JUVOLY_CLIENT_ID"
            throw SettingsError(
                """
                \(missing) is not set, so Juvoly cannot be used. Set it, or set JUVOLY_SESSION_URL, or run 'steno login juvoly'.
                Without an account: --sandbox tries the whole way on this machine, --engine local recognises English here.
                """
            )
        }
        return .service(rest: juvoly.restURL.value, apiKey: key.value, clientID: clientID.value)
    }
}
