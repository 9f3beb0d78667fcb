import LoopbackServer
import StenoHTTP
import Testing

@Suite("Transport")
struct HTTPTransportTests {
    @Test("A request arrives whole, with its length known")
    func requestArrives() async throws {
        try await LoopbackServer.run({ _ in .json("{}") }) { server in
            let answer = try await send(
                HTTPRequest(.post, try ServiceURL(server.url + "/a?b=c"), headers: [("x-key", "k")], body: .json("[1]"))
            )
            #expect(answer.status == 200)
            #expect(answer.completeness == .complete)
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/a?b=c")
            #expect(request.text == "[1]")
            #expect(request.values("content-length") == ["3"])
            #expect(request.values("content-type") == ["application/json"])
            #expect(request.values("x-key") == ["k"])
            #expect(request.values("transfer-encoding") == [])
        }
    }

    @Test("A redirect is an answer, not a new request", arguments: [301, 302, 303, 307, 308])
    func redirectsStayHere(status: Int) async throws {
        try await LoopbackServer.run({ _ in
            .bytes("HTTP/1.1 \(status) X\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
        }) {
            let answer = try await send(HTTPRequest(.get, try ServiceURL($0.url)))
            #expect(answer.status == status)
            #expect($0.requests.count == 1)
        }
    }

    @Test("A body above the limit is cut off and marked")
    func oversizedBody() async throws {
        let body = String(repeating: "x", count: 100_000)
        try await LoopbackServer.run({ _ in .reply(status: 200, body: body) }) { server in
            var request = HTTPRequest(.get, try ServiceURL(server.url))
            request.answerLimit = 99_999
            #expect(try await send(request).completeness == .oversized)
            request.answerLimit = 100_000
            let answer = try await send(request)
            #expect(answer.completeness == .complete)
            #expect(answer.body.count == 100_000)
        }
    }

    @Test("A body that ends early keeps its status and is marked")
    func truncatedBody() async throws {
        try await LoopbackServer.run({ _ in .bytes("HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nabc") }) { server in
            let answer = try await send(HTTPRequest(.get, try ServiceURL(server.url)))
            #expect(answer.status == 403)
            #expect(answer.completeness == .truncated)
        }
    }

    @Test("A body that never ends is given up at the time limit")
    func endlessBody() async throws {
        try await LoopbackServer.run(
            { _ in .bytesThenSilence("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") }
        ) { server in
            let answer = try await send(
                HTTPRequest(.get, try ServiceURL(server.url), timeLimit: .seconds(2))
            )
            #expect(answer.completeness == .truncated)
        }
    }

    @Test("A server that says nothing is given up at the time limit")
    func silentServer() async throws {
        try await LoopbackServer.run({ _ in .silence }) { server in
            let url = try ServiceURL(server.url)
            await expectFailure(
                .timeLimit,
                .whole,
                of: HTTPRequest(.post, url, body: .json("{}"), timeLimit: .seconds(2))
            )
        }
    }

    @Test("A connection closed without an answer tells that the body had left")
    func lostAnswer() async throws {
        try await LoopbackServer.run({ _ in .close }) { server in
            let url = try ServiceURL(server.url)
            await expectFailure(.connectionLost, .whole, of: HTTPRequest(.post, url, body: .json("{}")))
        }
    }

    @Test("What is not HTTP is named so")
    func notHTTP() async throws {
        try await LoopbackServer.run({ _ in .bytes("SSH-2.0-OpenSSH_9.2\r\n") }) { server in
            let url = try ServiceURL(server.url)
            await expectFailure(.notHTTP, .whole, of: HTTPRequest(.post, url, body: .json("{}")))
        }
    }

    @Test("Where nobody listens nothing leaves")
    func nobodyListens() async throws {
        // Bound and never listened on: a port that was merely closed may belong to another test by now.
        let nowhere = ClosedPort()
        let url = try ServiceURL(nowhere.url)
        await expectFailure(.noConnection, .notStarted, of: HTTPRequest(.post, url, body: .json("{}")))
        #expect(nowhere.port > 0)
    }

    @Test("TLS against a server without it is not trusted")
    func plainServerBehindTLS() async throws {
        try await LoopbackServer.run({ _ in .bytes("no tls here") }) { server in
            let url = try ServiceURL("https://127.0.0.1:\(server.port)/")
            await expectFailure(.untrusted, .notStarted, of: HTTPRequest(.post, url, body: .json("{}")))
        }
    }

    @Test("A header that cannot be sent is refused, and the error does not hold it")
    func badHeader() async throws {
        try await LoopbackServer.run({ _ in .json("{}") }) { server in
            let request = HTTPRequest(.get, try ServiceURL(server.url), headers: [("x-key", "canary\r\nx: y")])
            let error = await #expect(throws: HTTPFailure.self) { try await send(request) }
            #expect(error?.cause == .badHeader)
            #expect(error.map { !String(reflecting: $0).contains("canary") } == true)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("An authority file without certificates is named")
    func badTrustFile() async throws {
        let url = try ServiceURL("https://127.0.0.1:1/")
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: "/dev/null"))
        let error = await #expect(throws: HTTPFailure.self) { try await transport.send(HTTPRequest(.get, url)) }
        guard case .badTrustFile(let cause) = error?.cause else {
            Issue.record("gave \(String(describing: error))")
            return
        }
        #expect(cause.description.contains("'/dev/null'"))
    }

    @Test("A transport that nobody shut down closes itself")
    func forgottenTransport() async throws {
        try await LoopbackServer.run({ _ in .json("{}") }) { server in
            var transport: HTTPTransport? = HTTPTransport()
            let answer = try await transport?.send(HTTPRequest(.get, try ServiceURL(server.url)))
            #expect(answer?.status == 200)
            transport = nil
        }
    }

    @Test("A transport that was shut down sends nothing more")
    func closedTransport() async throws {
        let transport = HTTPTransport()
        await transport.shutdown()
        let url = try ServiceURL("http://127.0.0.1:1/")
        let error = await #expect(throws: HTTPFailure.self) { try await transport.send(HTTPRequest(.get, url)) }
        #expect(error?.cause == .cancelled)
    }

    @Test("A cancelled request ends at once")
    func cancelled() async throws {
        try await LoopbackServer.run({ _ in .silence }) { server in
            let url = try ServiceURL(server.url)
            let sending = Task { () -> HTTPFailure.Cause? in
                do {
                    _ = try await send(HTTPRequest(.get, url, timeLimit: .seconds(60)))
                    return nil
                } catch let failure as HTTPFailure {
                    return failure.cause
                }
            }
            sending.cancel()
            #expect(try await sending.value == .cancelled)
        }
    }
}

/// Sends with a transport of its own, and shuts that down.
private func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
    let transport = HTTPTransport()
    do {
        let answer = try await transport.send(request)
        await transport.shutdown()
        return answer
    } catch {
        await transport.shutdown()
        throw error
    }
}

private func expectFailure(
    _ cause: HTTPFailure.Cause,
    _ progress: BodyProgress,
    of request: HTTPRequest,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    let error = await #expect(throws: HTTPFailure.self, sourceLocation: sourceLocation) { try await send(request) }
    #expect(error == HTTPFailure(cause, progress: progress), sourceLocation: sourceLocation)
}
