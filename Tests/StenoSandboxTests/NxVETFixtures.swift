import StenoSandbox
import StenoWire

/// A call as a right client makes it, unless told otherwise.
func nxVET(
    _ server: SandboxServer,
    _ method: String,
    _ path: String,
    json: String = "",
    key: String? = SandboxCredentials.nxVETKey,
    headers more: [String] = []
) async throws -> RawClient.Response {
    var headers = key.map { ["Authorization: Bearer \($0)"] } ?? []
    headers += more
    if !json.isEmpty { headers.append("Content-Type: application/json") }
    return try await request(server.port, httpRequest(method, "/api" + path, headers: headers, body: json))
}

func nxVET(
    _ server: SandboxServer,
    _ path: String,
    key: String? = SandboxCredentials.nxVETKey,
    headers: [String] = []
) async throws -> RawClient.Response {
    try await nxVET(server, "GET", path, key: key, headers: headers)
}

/// The content of an answer.
func nxVETValue(_ server: SandboxServer, _ path: String) async throws -> JSONValue {
    try JSONValue(parsing: try await nxVET(server, path).body)
}

let organisation = SandboxCredentials.nxVETOrganisation
let labelPath = "/labels/019e1234-5678-7000-abcd-123456789abc"
let conversationPath = "/nxhub/conversations/device-id-here/conversation-id-here"
/// 2026-05-10T08:00Z and half an hour later.
let stretch = "startMs=1778400000000&endMs=1778401800000"
