import FoundationEssentials
import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import Testing

/// A file that goes away with the test.
final class TemporaryFile {
    let path = FileManager.default.temporaryDirectory.path + "/steno-handoff-" + UUID().uuidString

    init(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: self.path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}

/// Expects a service error of this reason, whose every text is free of canaries, and gives it.
@discardableResult
func expectError(
    _ reason: ServiceError.Reason,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> ServiceError? {
    let error = await #expect(throws: ServiceError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
    if let error {
        var dumped = ""
        dump(error, to: &dumped)
        #expect(
            !"\(error)\(String(reflecting: error))\(dumped)".contains("canary"),
            "an error shows what it must not",
            sourceLocation: sourceLocation
        )
    }
    return error
}
