import Foundation
import Glibc
import StenoCore
import StenoStore
import Testing

/// Many hand-offs at once, one of whose services is down for a while.
@Suite("Queue, watched")
struct QueueWatchTests {
    /// Recordings, each with a note and two summaries to be made.
    private static let count = 167
    private static let targets = ["connectvets", "invox", "invox-soap"]

    @Test(
        "Of 500 hand-offs those to services that answer are done; the rest follows when its service is back, each once"
    )
    func mixed() async throws {
        let program = try StenoProgram()
        // Somebody may take this port meanwhile; then the test fails, and says so.
        let port = try await SandboxProcess.run { $0.port }
        try await SandboxProcess.run { sandbox in
            let connectVets = "http://127.0.0.1:\(port)"
            let environment = sandbox.environment().merging(
                sandbox.handOffEnvironment(connectVets: connectVets)
            ) { $1 }
            let person = try StenoProgram(environment)
            try await Self.fill(person, sandbox, connectVets)
            let watch = try person.start(["queue", "retry", "--watch", "--json"])
            #expect(await watch.printsLines(2 * Self.count))
            let first = try watch.outputSoFar.split(separator: "\n").map { try JSONLine(String($0)) }
            #expect(first.allSatisfy { $0.text("target") != "connectvets" && $0.text("state") == "done" })
            try await SandboxProcess.run(faults: ["connectvets.throttle=off"], port: port) { other in
                #expect(await watch.printsLines(3 * Self.count))
                watch.signal(SIGINT)
                let result = await watch.result()
                #expect(result.code == 0, "\(result.errors)")
                let rows = try result.events()
                for target in Self.targets {
                    #expect(rows.filter { $0.text("target") == target }.count == Self.count, "\(target)")
                }
                #expect(Set(rows.compactMap { $0.text("delivery") }).count == 3 * Self.count)
                #expect(rows.allSatisfy { $0.text("state") == "done" })
                let notes = try await person.run("notes", "list", "--all", "--json").events()
                #expect(notes.count == Self.count)
                _ = other
            }
            #expect(try await person.run("queue", "list", "--json").output.isEmpty)
        }
        withExtendedLifetime(program) {}
    }

    /// One recording is made by the program, and then there are many of the same content with orders of their own.
    private static func fill(_ program: StenoProgram, _ sandbox: SandboxProcess, _ connectVets: String) async throws {
        let made = try await program.run(
            "stream",
            program.dictation(),
            "--no-seal",
            "--speed",
            "max",
            "--format",
            "jsonl"
        )
        #expect(made.code == 0, "\(made.errors)")
        let id = try #require(made.recording)
        let folder = program.path(".local/share/steno/recordings")
        for number in 0..<Self.count {
            let name = "20261122-000000-\(1_000 + number)"
            try FileManager.default.copyItem(atPath: "\(folder)/\(id)", toPath: "\(folder)/\(name)")
            let place = try RecordingPlace(id: name, in: folder)
            let orders = Self.targets.map { target in
                StoredDelivery(
                    id: UUID().uuidString.lowercased(),
                    target: target,
                    realm: target == "connectvets" ? connectVets : sandbox.address,
                    order: Array(
                        #"{"v":1,"wait":false,"language":"en","visit":{"name":"Rex","gender":"male","metadata":[]}}"#
                            .utf8
                    ),
                    begun: Int64(number)
                )
            }
            try DeliveryBook(place).store(orders)
        }
    }
}
