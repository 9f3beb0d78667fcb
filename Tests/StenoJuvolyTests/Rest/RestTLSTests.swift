import FoundationEssentials
import LoopbackServer
import NIOSSL
import StenoHTTP
import Testing

@Suite("Web calls over TLS")
struct RestTLSTests {
    @Test("A server of the organisation's own authority is trusted with that authority's file, and only then")
    func authorityFile() async throws {
        let tls = try TLSFixture.server(TLSFixture.good)
        try await LoopbackServer.run({ _ in .json("{}") }, tls: tls) { server in
            let answer = try await Self.get(server, trust: Self.authority())
            #expect(answer.status == 200)
            await Self.expectUntrusted(server, trust: TrustAnchors())
            #expect(server.requests.count == 1)
        }
    }

    @Test("A certificate for another name, and one that has expired, are not trusted")
    func wrongCertificates() async throws {
        for certificate in [TLSFixture.otherName, TLSFixture.expired] {
            let tls = try TLSFixture.server(certificate)
            try await LoopbackServer.run({ _ in .json("{}") }, tls: tls) { server in
                await Self.expectUntrusted(server, trust: try Self.authority())
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("Versions of TLS that are no longer safe are not spoken")
    func oldVersions() async throws {
        let tls = try TLSFixture.server(TLSFixture.good, minimum: .tlsv1, maximum: .tlsv11)
        try await LoopbackServer.run({ _ in .json("{}") }, tls: tls) { server in
            await Self.expectUntrusted(server, trust: try Self.authority())
        }
    }

    /// The authority in a file, for one request.
    private static func authority() throws -> TrustAnchors {
        let path = FileManager.default.temporaryDirectory.path + "/steno-authority-\(UUID().uuidString).pem"
        try Data(TLSFixture.authority.utf8).write(to: URL(filePath: path))
        return TrustAnchors(certificateAuthorityFile: path)
    }

    private static func get(_ server: LoopbackServer, trust: TrustAnchors) async throws -> HTTPAnswer {
        let transport = HTTPTransport(trust: trust)
        defer {
            if let path = trust.certificateAuthorityFile { try? FileManager.default.removeItem(atPath: path) }
        }
        let url = try ServiceURL("https://localhost:\(server.port)/")
        do {
            let answer = try await transport.send(HTTPRequest(.get, url, headers: [("x-key", "canary")]))
            await transport.shutdown()
            return answer
        } catch {
            await transport.shutdown()
            throw error
        }
    }

    private static func expectUntrusted(
        _ server: LoopbackServer,
        trust: TrustAnchors,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let error = await #expect(throws: HTTPFailure.self, sourceLocation: sourceLocation) {
            try await Self.get(server, trust: trust)
        }
        #expect(error?.cause == .untrusted, sourceLocation: sourceLocation)
    }
}
