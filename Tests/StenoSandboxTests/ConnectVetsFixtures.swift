import StenoSandbox
import StenoWire

/// One second of sound as a WAV file. 8 bits at 8 kHz, because then every byte of it is ASCII and fits into a text.
let wave: String = {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var bytes = Array("RIFF".utf8) + number(8_036, 4) + Array("WAVEfmt ".utf8) + number(16, 4)
    bytes += number(1, 2) + number(1, 2) + number(8_000, 4) + number(8_000, 4) + number(1, 2) + number(8, 2)
    bytes += Array("data".utf8) + number(8_000, 4) + [UInt8](repeating: 0x40, count: 8_000)
    return String(decoding: bytes, as: UTF8.self)
}()

/// A create as a right client sends it.
func createRequest(
    externalID: String,
    key: String? = SandboxCredentials.connectVetsKey,
    audio: String = wave
) -> String {
    let delivery = "00000000-0000-4000-8000-000000000001"
    func text(_ name: String, _ value: String) -> String {
        "--b0\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }
    let type = audio.hasPrefix("RIFF") ? "audio/wav" : audio.hasPrefix("fLaC") ? "audio/flac" : "audio/mpeg"
    let body = [
        text("name", "Bella"),
        text("external_id", externalID),
        text("gender", "unidentified"),
        text("metadata", "[{\"key\":\"steno_delivery\",\"value\":\"\(delivery)\"}]"),
        "--b0\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n",
        "Content-Type: \(type)\r\n\r\n\(audio)\r\n--b0--\r\n",
    ].joined()
    var headers = ["Content-Type: multipart/form-data; boundary=b0"]
    if let key { headers.append("X-API-KEY: \(key)") }
    return httpRequest("POST", "/notes/v1/notes", headers: headers, body: body)
}

/// The same request with the length its body has now.
func recounted(_ text: String) -> String {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
    let lines = parts[0].split(separator: "\r\n").filter { !$0.hasPrefix("Content-Length") }
    let head = (lines + ["Content-Length: \(parts[1].utf8.count)"]).joined(separator: "\r\n")
    return "\(head)\r\n\r\n\(parts[1])"
}

func create(
    _ server: SandboxServer,
    externalID: String = "visit",
    key: String? = SandboxCredentials.connectVetsKey
) async throws -> RawClient.Response {
    try await request(server.port, createRequest(externalID: externalID, key: key))
}

func call(
    _ server: SandboxServer,
    _ method: String,
    _ path: String,
    json: String = "",
    key: String? = SandboxCredentials.connectVetsKey
) async throws -> RawClient.Response {
    var headers = key.map { ["X-API-KEY: \($0)"] } ?? []
    if !json.isEmpty { headers.append("Content-Type: application/json") }
    return try await request(server.port, httpRequest(method, "/notes/v1" + path, headers: headers, body: json))
}

func get(
    _ server: SandboxServer,
    _ path: String,
    key: String? = SandboxCredentials.connectVetsKey
) async throws -> RawClient.Response {
    try await call(server, "GET", path, key: key)
}

/// The content of a good answer.
func data(_ server: SandboxServer, _ path: String) async throws -> JSONValue? {
    try JSONValue(parsing: try await get(server, path).body)["data"]
}

/// Asks until the note has come to its end; the suite's time limit bounds it.
func waitForEnd(_ server: SandboxServer, _ id: String, _ status: String) async throws {
    while try await data(server, "/notes/\(id)/status")?["status"]?.string != status {}
}
