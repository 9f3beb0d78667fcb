import ChaosProxy
import Glibc

/// `steno-chaos PORT [LINE]... [--rest LINE]`: a `ChaosProxy` for scripts. Prints its port, then the
/// number of each socket whose fate has come, a line each, and runs until standard input ends.
@main
enum ChaosTool {
    static func main() async throws {
        var words = Array(CommandLine.arguments.dropFirst())
        var rest = ChaosLine.clean
        if let index = words.firstIndex(of: "--rest"), index + 1 < words.count {
            guard let line = ChaosLine(words[index + 1]) else { Self.complain("'\(words[index + 1])' is no line.") }
            rest = line
            words.removeSubrange(index...index + 1)
        }
        guard let port = words.first.flatMap({ Int($0) }), (1...65_535).contains(port) else {
            Self.complain("Usage: steno-chaos PORT [LINE]... [--rest LINE]")
        }
        let lines = words.dropFirst().map { word in
            guard let line = ChaosLine(word) else { Self.complain("'\(word)' is no line.") }
            return line
        }
        let proxy = try await ChaosProxy.start(to: port, lines, rest: rest) { Self.say("\($0)", to: 1) }
        Self.say("\(proxy.port)", to: 1)
        var byte: UInt8 = 0
        while read(0, &byte, 1) > 0 {}
    }

    private static func complain(_ text: String) -> Never {
        Self.say(text + " A line: \(ChaosLine.forms)", to: 2)
        exit(64)
    }

    private static func say(_ text: String, to descriptor: Int32) {
        let bytes = Array((text + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
