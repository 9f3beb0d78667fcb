import NIOCore
import NIOPosix
import StenoSandbox
import StenoTesting

/// Runs a sandbox for the length of a test.
func withSandbox(
    _ sessions: [ScriptedSession] = [],
    faults: [String] = [],
    configure: (inout SandboxConfiguration) -> Void = { _ in },
    _ body: (SandboxServer) async throws -> Void
) async throws {
    var configuration = SandboxConfiguration(
        recognition: .scripted(sessions),
        readyDelay: .milliseconds(1),
        summaryDelay: .milliseconds(1),
        pendingTime: .milliseconds(1),
        processingTime: .milliseconds(1)
    )
    for fault in faults { try configuration.faults.apply(fault) }
    configure(&configuration)
    let server = try await SandboxServer.start(configuration, on: MultiThreadedEventLoopGroup.singleton)
    do {
        try await body(server)
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// One request on a connection of its own.
func request(_ port: Int, _ text: String) async throws -> RawClient.Response {
    let client = try await RawClient.connect(to: port)
    try await client.send(text)
    let response = try await client.response()
    try await client.close()
    return response
}

/// A request as text, with its length if it has a body.
func httpRequest(
    _ method: String,
    _ target: String,
    headers: [String] = [],
    body: String = ""
) -> String {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1"] + headers
    if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// The request for a Juvoly session, right in every detail unless told otherwise.
func sessionRequest(
    key: String? = SandboxCredentials.juvolyMasterKey,
    client: String? = SandboxCredentials.juvolyClientID,
    type: String? = "application/json",
    body: String = "{}",
    method: String = "POST"
) -> String {
    var headers: [String] = []
    if let key { headers.append("X-Juvoly-Api-Key: \(key)") }
    if let client { headers.append("X-Juvoly-Client-Id: \(client)") }
    if let type { headers.append("Content-Type: \(type)") }
    return httpRequest(method, "/api/v2/rest/session", headers: headers, body: body)
}

/// Two utterances within two seconds.
let greeting = """
    utterance
      0.1 0.3 Good
      0.3 0.6 morning.
    utterance
      1.4 1.6 How
      1.6 1.8 are
      1.8 2.0 you?
    """

/// Sound that occurs nowhere else.
func noise(frames: Int, seed: UInt64) -> [Int16] {
    Signal.noise(level: -20, frames: frames, seed: seed)
}

/// Path of a session in `samples/sessions`.
func sample(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/samples/sessions/\(name).session"
}
