import Foundation
import StenoTesting

/// Runs the built program as a user would, in a home of its own.
final class StenoProgram: Sendable {
    struct Result: Sendable {
        var output: String
        var errors: String
        var code: Int32
        /// When it began and ended, whatever else kept the tests busy then.
        var began: ContinuousClock.Instant
        var ended: ContinuousClock.Instant

        /// The lines of standard output as JSON objects, read by another parser than ours.
        func events() throws -> [JSONLine] {
            try self.output.split(separator: "\n").map { try JSONLine(String($0)) }
        }

        var errorLines: [String] { self.errors.split(separator: "\n").map(String.init) }
    }

    /// The program's data and configuration live in it.
    private let home = TemporaryFolder()
    let environment: [String: String]

    /// - Parameters:
    ///   - environment: beside a home and a path.
    ///   - hasEngine: the installed speech engine is found in this home too.
    init(_ environment: [String: String] = [:], hasEngine: Bool = false) throws {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        self.environment = ["HOME": self.home.path, "PATH": path].merging(environment) { $1 }
        chmod(self.home.path, 0o700)
        guard hasEngine, let engine = InstalledEngine.folder else { return }
        let data = self.home.path(".local/share/steno")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: data + "/engine", withDestinationPath: engine)
    }

    /// The folder of the package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// A path that holds wherever the program is started.
    static func sample(_ name: String) -> String { "\(Self.package)/samples/\(name)" }

    /// Where the program that belongs to these tests was built: beside them.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["STENO_BINARY"] { return path }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "steno").path
    }()

    /// Starts the program without waiting for it.
    ///
    /// - Parameter isTyped: standard input is the terminal too.
    func start(
        _ arguments: [String],
        input: [UInt8] = [],
        terminal: Terminal? = nil,
        isTyped: Bool = false
    ) throws -> Running {
        try Running(Self.binary, arguments, self.environment, input: input, terminal: terminal, isTyped: isTyped)
    }

    func run(_ arguments: [String], input: [UInt8] = []) async throws -> Result {
        try await self.start(arguments, input: input).result()
    }

    func run(_ arguments: String..., input: [UInt8] = []) async throws -> Result {
        try await self.run(arguments, input: input)
    }

    var folder: String { self.home.path }

    /// Where `name` is or will be in the home.
    func path(_ name: String) -> String { self.home.path(name) }

    /// Writes a file into the home and gives its path.
    func file(_ name: String, _ content: String, mode: mode_t = 0o600) -> String {
        let path = self.file(name, Array(content.utf8))
        chmod(path, mode)
        return path
    }

    func file(_ name: String, _ bytes: [UInt8]) -> String { self.home.write(bytes, to: name) }

    /// Every file below the home, with its content.
    func files() -> [String: String] {
        var files: [String: String] = [:]
        let names = FileManager.default.enumerator(atPath: self.home.path)
        while let name = names?.nextObject() as? String {
            guard let content = FileManager.default.contents(atPath: self.home.path(name)) else { continue }
            files[name] = String(decoding: content, as: UTF8.self)
        }
        return files
    }
}

/// One line of `--format jsonl`.
struct JSONLine {
    let object: [String: Any]

    init(_ line: String) throws {
        self.object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }

    var type: String { self.object["type"] as? String ?? "" }
    subscript(name: String) -> Any? { self.object[name] }
    func text(_ name: String) -> String? { self.object[name] as? String }
    func bool(_ name: String) -> Bool? { self.object[name] as? Bool }
    func number(_ name: String) -> Double? { self.object[name] as? Double }
    func object(_ name: String) -> [String: Any]? { self.object[name] as? [String: Any] }
}
