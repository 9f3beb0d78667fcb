import LoopbackServer
import NIOCore
import NIOPosix
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// A ConnectVets client against the stand-in; both live by the time in the test's hand.
struct ConnectVetsSandbox {
    static let mark = DeliveryMark(delivery: "0b7f9c1e-0000-4000-8000-00000000000a")

    let client: ConnectVetsClient
    let server: SandboxServer
    let time: ManualTime

    /// - Parameter isStrict: no request may have broken the contract.
    static func run(
        _ faults: [String] = [],
        key: String = SandboxCredentials.connectVetsKey,
        isStrict: Bool = true,
        body: (ConnectVetsSandbox) async throws -> Void
    ) async throws {
        let time = ManualTime()
        var sandbox = SandboxConfiguration(
            recognition: .scripted([]),
            pendingTime: .seconds(1),
            processingTime: .seconds(9),
            clock: {
                let (seconds, attoseconds) = time.now.components
                return .uptimeNanoseconds(
                    1_000_000_000 * UInt64(10_000 + seconds) + UInt64(attoseconds / 1_000_000_000)
                )
            }
        )
        for fault in faults { try sandbox.faults.apply("connectvets.\(fault)") }
        let server = try await SandboxServer.start(sandbox, on: MultiThreadedEventLoopGroup.singleton)
        let transport = HTTPTransport()
        let client = ConnectVetsClient(
            .init(
                base: try ServiceURL(server.connectVets.isEmpty ? server.baseURL : server.connectVets),
                apiKey: Secret(key),
                limits: AudioLimits(shortest: .zero)
            ),
            transport: transport,
            time: time.timekeeper
        )
        do {
            try await body(ConnectVetsSandbox(client: client, server: server, time: time))
        } catch {
            await transport.shutdown()
            await server.stop()
            throw error
        }
        await transport.shutdown()
        if isStrict { expectNoViolation(server, faults) }
        await server.stop()
    }

    /// What was answered to calls like this.
    func statuses(_ method: String, _ suffix: String = "/notes") -> [Int] {
        self.server.journal.requests(.connectVets)
            .filter { $0.method == method && $0.path.hasSuffix(suffix) }.compactMap(\.status)
    }

    /// A tenth of a second of silence.
    static let wav: [UInt8] = {
        func bytes(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
        let format = bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(16_000, 4) + bytes(32_000, 4)
        return Array("RIFF".utf8) + bytes(36 + 3_200, 4) + Array("WAVEfmt ".utf8) + format + bytes(2, 2) + bytes(16, 2)
            + Array("data".utf8) + bytes(3_200, 4) + [UInt8](repeating: 0, count: 3_200)
    }()

    func upload(
        _ bytes: [UInt8] = Self.wav,
        as format: UploadPlan.Format = .wav,
        name: String = "Bella",
        mark: DeliveryMark = Self.mark
    ) async throws -> UploadOutcome {
        let file = try TemporaryFile(bytes)
        return try await self.client.create(
            NoteUpload(name: name, mark: mark, audioPath: file.path, format: format, duration: nil)
        )
    }

    /// The id of a note that was made.
    func made(name: String = "Bella", mark: DeliveryMark = Self.mark) async throws -> String {
        guard case .created(let note) = try await self.upload(name: name, mark: mark) else { return "" }
        return note.id
    }

    /// A note that is completed.
    func completed() async throws -> ConnectVetsNote {
        let id = try await self.made()
        guard case .completed(let note, _) = try await self.client.wait(for: id) else {
            return try await self.client.note(id)
        }
        return note
    }
}
