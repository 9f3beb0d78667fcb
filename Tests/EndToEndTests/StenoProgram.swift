import Foundation

/// Runs the built program as a user would, in a home of its own.
struct StenoProgram {
    struct Result {
        var output: String
        var errors: String
        var code: Int32

        /// The lines of standard output, as JSON objects.
        func events() throws -> [[String: Any]] {
            try self.output.split(separator: "\n").map { line in
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            }
        }
    }

    /// A fresh folder; the program's data and configuration live in it.
    let home: URL
    var environment: [String: String]

    init() throws {
        self.home = FileManager.default.temporaryDirectory.appending(path: "steno-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: self.home,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        self.environment = [
            "HOME": self.home.path,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        ]
    }

    /// The folder of the package.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func sample(_ name: String) -> String { Self.package.appending(path: "samples/\(name)").path }

    /// Where the program that belongs to these tests was built: beside them.
    static var binary: URL {
        if let path = ProcessInfo.processInfo.environment["STENO_BINARY"] { return URL(filePath: path) }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "steno")
    }

    /// Starts the program without waiting for it.
    func start(_ arguments: [String], input: Data? = nil) throws -> Running {
        try Running(Self.binary, arguments, self.environment, input: input)
    }

    func run(_ arguments: String..., input: Data? = nil) async throws -> Result {
        try await self.start(arguments, input: input).result()
    }

    func file(_ name: String, _ content: Data, mode: Int = 0o600) throws -> String {
        let url = self.home.appending(path: name)
        try content.write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
        return url.path
    }

    func remove() { try? FileManager.default.removeItem(at: self.home) }
}

/// A program on its way. Its outputs go to files, so that no pipe can fill up.
final class Running: @unchecked Sendable {
    // `@unchecked`: the process is started in `init` and only asked and signalled afterwards, which it allows from any thread.
    private let process = Process()
    private let folder: URL
    private let ended: AsyncStream<Void>

    init(_ binary: URL, _ arguments: [String], _ environment: [String: String], input: Data?) throws {
        self.folder = FileManager.default.temporaryDirectory.appending(path: "steno-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        for name in ["out", "err", "in"] {
            try (name == "in" ? input ?? Data() : Data()).write(to: self.folder.appending(path: name))
        }
        self.process.executableURL = binary
        self.process.arguments = arguments
        self.process.environment = environment
        self.process.currentDirectoryURL = StenoProgram.package
        self.process.standardInput = try FileHandle(forReadingFrom: self.folder.appending(path: "in"))
        self.process.standardOutput = try FileHandle(forWritingTo: self.folder.appending(path: "out"))
        self.process.standardError = try FileHandle(forWritingTo: self.folder.appending(path: "err"))
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.ended = stream
        self.process.terminationHandler = { _ in continuation.finish() }
        try self.process.run()
    }

    var identifier: Int32 { self.process.processIdentifier }

    var output: String { (try? String(contentsOf: self.folder.appending(path: "out"), encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOf: self.folder.appending(path: "err"), encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(self.process.processIdentifier, number) }

    func result() async throws -> StenoProgram.Result {
        for await _ in self.ended {}
        defer { try? FileManager.default.removeItem(at: self.folder) }
        return StenoProgram.Result(output: self.output, errors: self.errors, code: self.process.terminationStatus)
    }
}
