import NIOPosix
import Steno
import StenoAudio
import StenoCore
import StenoEngine
import StenoSandbox

/// Starts a sandbox in this process, with the embedded engine or with scripts as its ears.
enum SandboxHost {
    /// - Parameters:
    ///   - sessions: script files; none means that the embedded engine recognises.
    ///   - faults: `NAME=VALUE[@N]`.
    ///   - webhook: where NxVET's events go.
    static func start(
        port: Int = 0,
        sessions: [String] = [],
        faults: [String] = [],
        webhook: String? = nil,
        engineFolder: String?
    ) async throws -> SandboxServer {
        var switches = SandboxFaults()
        for fault in faults { try switches.apply(fault) }
        let recognition: SandboxRecognition
        if sessions.isEmpty {
            let model = try EngineModel(files: Self.engineFiles(in: engineFolder))
            recognition = .engine { try LocalRecognizer(model: model) }
        } else {
            recognition = .scripted(try sessions.map { try ScriptedSession(path: $0) })
        }
        var configuration = SandboxConfiguration(recognition: recognition, faults: switches, port: port)
        configuration.noteSeries = .random(in: 1 ... .max)
        configuration.webhook = webhook
        configuration.audioDecoder = { FLACUplinkDecoder() }
        return try await SandboxServer.start(configuration, on: MultiThreadedEventLoopGroup.singleton)
    }

    /// A sandbox for a command that nobody speaks to, so that it needs no ears; `nil` unless one of its own is meant.
    static func startDeaf(for choice: SandboxChoice?) async throws -> SandboxServer? {
        guard case .own? = choice else { return nil }
        var switches = SandboxFaults()
        // The two minutes that the service takes are more than anybody who tries it wants to wait.
        try switches.apply("nxvet.contentDelay=2s")
        var configuration = SandboxConfiguration(recognition: .scripted([]), faults: switches)
        configuration.noteSeries = .random(in: 1 ... .max)
        return try await SandboxServer.start(configuration, on: MultiThreadedEventLoopGroup.singleton)
    }

    static func engineFiles(in folder: String?) throws -> EngineFiles {
        guard let folder else {
            throw Failure(
                .configuration,
                "Neither HOME nor STENO_HOME is set, so the speech engine cannot be found. Set one."
            )
        }
        return try EngineFiles.locate(in: folder)
    }
}

/// Decodes the FLAC stream of one connection for the sandbox.
private final class FLACUplinkDecoder: SandboxAudioDecoder {
    private var decoder: FLACStreamDecoder?

    func decode(_ bytes: [UInt8]) throws -> [Int16] {
        let decoder = try self.decoder ?? FLACStreamDecoder()
        self.decoder = decoder
        return try decoder.decode(bytes)
    }
}
