import Foundation
import StenoEngine

/// The speech engine of whoever runs the tests, if `scripts/setup` has put one there.
enum InstalledEngine {
    static let folder: String? = {
        let variables = ProcessInfo.processInfo.environment
        guard let folder = EngineFiles.defaultFolder(environment: { variables[$0] }) else { return nil }
        return (try? EngineFiles.locate(in: folder)) == nil ? nil : folder
    }()

    static var isThere: Bool { Self.folder != nil }
}
