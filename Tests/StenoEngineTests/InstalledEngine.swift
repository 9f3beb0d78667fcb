import Glibc
@testable import StenoEngine

/// The engine of this machine: in `STENO_ENGINE_DIR`, else where `scripts/setup` puts it.
///
/// The build never needs it, so suites that do are enabled only when it is there. `scripts/setup` runs before the tests
/// in CI, and so all of them run there.
enum InstalledEngine {
    static let files: EngineFiles? = Self.folder.flatMap { try? EngineFiles.locate(in: $0) }
    static let isHere = Self.files != nil
    static let advice = "needs the speech engine: scripts/setup --engine"

    /// Loaded once: a load takes half a second.
    static let model: Result<EngineModel, EngineError> = .init { () throws(EngineError) in
        guard let files = Self.files else { throw EngineError(.notInstalled, path: Self.folder ?? "") }
        return try EngineModel(files: files)
    }

    private static let folder =
        Self.environment("STENO_ENGINE_DIR")
        ?? EngineFiles.defaultFolder(environment: Self.environment)

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
