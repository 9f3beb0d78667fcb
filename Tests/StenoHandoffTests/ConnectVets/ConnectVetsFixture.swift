import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff

/// A ConnectVets client against a scripted server, with time in the test's hand.
struct ConnectVetsFixture {
    let client: ConnectVetsClient
    let server: LoopbackServer
    let time: ManualTime

    static func run(
        _ script: @escaping LoopbackServer.Script,
        early: @escaping LoopbackServer.EarlyScript = { _ in nil },
        uploadTimeLimit: Duration = .seconds(60),
        body: (ConnectVetsFixture) async throws -> Void
    ) async throws {
        try await LoopbackServer.run(script, early: early) { server in
            let transport = HTTPTransport()
            let time = ManualTime()
            let client = ConnectVetsClient(
                .init(
                    base: try ServiceURL(server.url + "/notes/v1/"),
                    apiKey: Secret("canary-cv-key"),
                    limits: AudioLimits(bytes: 300_000),
                    uploadTimeLimit: uploadTimeLimit
                ),
                transport: transport,
                time: time.timekeeper
            )
            do {
                try await body(ConnectVetsFixture(client: client, server: server, time: time))
                await transport.shutdown()
            } catch {
                await transport.shutdown()
                throw error
            }
        }
    }
}

extension NoteUpload {
    static let mark = DeliveryMark(delivery: "0b7f9c1e-0000-4000-8000-000000000001", externalID: "visit 7")

    /// Uploads `file`, thirty seconds long unless said otherwise.
    static func of(
        _ file: TemporaryFile,
        name: String = "canary patient",
        metadata: [Metadata] = [],
        mark: DeliveryMark = Self.mark,
        duration: Duration? = .seconds(30)
    ) -> NoteUpload {
        NoteUpload(
            name: name,
            gender: .female,
            metadata: metadata,
            mark: mark,
            audioPath: file.path,
            duration: duration
        )
    }
}
