import Foundation
import Testing

/// The scripts of `samples/flows`, as a person would run them.
@Suite("Flows of the services")
struct FlowTests {
    static let folder = "\(StenoProgram.package)/samples/flows"

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? [])
        .filter { $0 != "lib" && !$0.hasSuffix(".md") }.sorted()

    private static func run(_ name: String, _ arguments: String...) async throws -> StenoProgram.Result {
        var environment = try StenoProgram().environment
        environment["STENO"] = StenoProgram.binary
        return try await Running("\(Self.folder)/\(name)", arguments, environment).result()
    }

    @Test("Every flow runs to its end, and the sandbox sees no contract broken", arguments: Self.names)
    func flow(name: String) async throws {
        let result = try await Self.run(name)
        #expect(result.code == 0, "\(result.errors)")
        #expect(!result.output.isEmpty)
        #expect(!result.errors.contains("contract was broken") && !result.errors.contains("contract broken"))
    }

    @Test("Each tells what it does, and refuses what it does not know", arguments: Self.names)
    func help(name: String) async throws {
        let help = try await Self.run(name, "-h")
        #expect(help.code == 0 && help.output.hasPrefix("usage: samples/flows/\(name)"), "\(help.errors)")
        let wrong = try await Self.run(name, "--no-such-option")
        #expect(wrong.code == 64 && wrong.output.isEmpty)
    }

    @Test("A sandbox that is running is used, and goes on", arguments: ["nxvet-labels", "juvoly-summary"])
    func running(name: String) async throws {
        try await SandboxProcess.run(session: "veterinary") { sandbox in
            for _ in 0..<2 {
                let result = try await Self.run(name, sandbox.address)
                #expect(result.code == 0, "\(result.errors)")
            }
        }
    }

    @Test("The page names every one of them, and every name on it is there")
    func page() async throws {
        let text = try String(contentsOfFile: "\(Self.folder)/README.md", encoding: .utf8)
        let told = text.split(separator: "`").filter { $0.contains(/^(juvoly|invox|connectvets|nxvet)-[a-z-]+$/) }
        #expect(told.map(String.init).sorted() == Self.names)
        let check = try await Running("\(StenoProgram.package)/scripts/services", [], try StenoProgram().environment)
            .result()
        #expect(check.code == 0, "\(check.errors)")
    }
}
