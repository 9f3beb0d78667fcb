import Glibc
import NIOPosix
import StenoJuvoly

/// Lets the Autobahn fuzzing server test this project's WebSocket client: asks how many cases there are, runs each of them
/// by sending back what comes, and has the reports written. `scripts/autobahn` runs it.
@main
struct AutobahnRunner {
    private static let usage = "usage: steno-autobahn ws://127.0.0.1:PORT [--agent NAME]"

    private var endpoint: WebSocketEndpoint
    private var agent: String

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["-h"] || arguments == ["--help"] { return print(Self.usage) }
        guard arguments.count == 1 || arguments.count == 3 && arguments[1] == "--agent" else {
            Self.exit(Self.usage, EX_USAGE)
        }
        let agent = arguments.count == 3 ? arguments[2] : "steno"
        do {
            try await AutobahnRunner(endpoint: WebSocketEndpoint(url: arguments[0]), agent: agent).runAll()
        } catch {
            Self.exit("\(error)", EX_UNAVAILABLE)
        }
    }

    private static func exit(_ message: String, _ code: CInt) -> Never {
        let text = Array("steno-autobahn: \(message)\n".utf8)
        _ = write(STDERR_FILENO, text, text.count)
        Glibc.exit(code)
    }

    private func runAll() async throws {
        guard let count = Int(try await self.run("/getCaseCount", isEchoing: false) ?? ""), count > 0 else {
            Self.exit("the server did not say how many cases there are", EX_UNAVAILABLE)
        }
        for number in 1...count {
            if number.isMultiple(of: 50) || number == count { print("case \(number) of \(count)") }
            _ = try await self.run("/runCase?case=\(number)&agent=\(self.agent)", isEchoing: true)
        }
        _ = try await self.run("/updateReports?agent=\(self.agent)", isEchoing: false)
    }

    /// Returns the first text that came.
    private func run(_ target: String, isEchoing: Bool) async throws -> String? {
        var endpoint = self.endpoint
        endpoint.target = target
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let outcome = try await EchoClient.run(endpoint, isEchoing: isEchoing, on: loop)
        if let error = outcome.error { throw error }
        return outcome.firstText
    }
}
