import NIOCore
import NIOPosix
import StenoSandbox
import StenoWire
import Testing

@Suite("Sandbox server", .timeLimit(.minutes(1)))
struct SandboxServerTests {
    @Test("Stopping ends every connection and gives the port back")
    func stop() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await SandboxServer.start(SandboxConfiguration(recognition: .scripted([])), on: group)
        let speech = try await SpeechClient.open(server)
        let idle = try await RawClient.connect(to: server.port)
        _ = try await idle.send(sessionRequest())
        _ = try await idle.response()
        await server.stop()
        #expect(server.journal.connections.allSatisfy { !$0.isOpen })
        #expect([.ended, .reset].contains(try await speech.rest().last))
        let again = SandboxConfiguration(recognition: .scripted([]), port: server.port)
        let second = try await SandboxServer.start(again, on: group)
        #expect(second.port == server.port)
        await second.stop()
    }

    @Test("A port that is taken is named")
    func takenPort() async throws {
        try await withSandbox { server in
            let configuration = SandboxConfiguration(recognition: .scripted([]), port: server.port)
            let error = await #expect(throws: SandboxError.self) {
                try await SandboxServer.start(configuration, on: MultiThreadedEventLoopGroup.singleton)
            }
            #expect(error?.description.hasPrefix("Port \(server.port) on 127.0.0.1 cannot be used: ") == true)
            #expect(error?.description.hasSuffix("Choose another one.") == true)
        }
    }

    @Test("A fault named by a script holds for the server that plays it")
    func scriptFaults() async throws {
        try await withSandbox([try ScriptedSession("fault handshake=403@1")]) { (server) async throws in
            #expect(try await SpeechClient.open(server).upgradeReply.status == 403)
            #expect(try await SpeechClient.open(server).upgradeReply.status == 101)
        }
    }

    @Test("Requests on one connection are answered in turn")
    func keepAlive() async throws {
        try await withSandbox { server in
            let client = try await RawClient.connect(to: server.port)
            try await client.send(sessionRequest() + sessionRequest(key: "other") + sessionRequest())
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await client.response().status) }
            #expect(statuses == [200, 401, 200])
        }
    }

    @Test("A request that is no HTTP ends the connection with the reason")
    func malformed() async throws {
        try await withSandbox { server in
            let client = try await RawClient.connect(to: server.port)
            try await client.send("HELO there\r\n\r\n")
            #expect(try await client.response().status == 400)
            #expect(try await client.read() == nil)
            #expect(server.violations.map(\.rule) == ["HTTP"])
        }
    }

    @Test("URLs name the loopback, the port and the path of each service")
    func urls() async throws {
        try await withSandbox { server in
            #expect(server.juvolyREST == "http://127.0.0.1:\(server.port)/api/v2/rest")
            #expect(server.juvolySocket == "ws://127.0.0.1:\(server.port)/api/v2/socket/")
            #expect(server.invoxBase == "http://127.0.0.1:\(server.port)")
            #expect(server.invoxToken == "http://127.0.0.1:\(server.port)/oauth/token")
            #expect(server.connectVets == "http://127.0.0.1:\(server.port)/notes/v1")
            #expect(server.transcriptsURL != server.baseURL)
        }
    }
}
