import Steno
import StenoSandbox

/// What a sandbox is to do wrong, from a file; and what there is to choose from.
enum FaultScript {
    /// One `NAME=VALUE[@N]` on each line; empty lines, and what follows a `#` at the beginning or behind a space, are
    /// passed over. Each is tried here, so that a mistake is told with its line.
    static func faults(in path: String) throws(Failure) -> [String] {
        let text = try ContentFile.read(path)
        var faults: [String] = []
        var switches = SandboxFaults()
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let fault = Self.trimmed(Self.withoutComment(line))
            guard !fault.isEmpty else { continue }
            do throws(SandboxError) {
                try switches.apply(fault)
            } catch {
                throw Failure(.configuration, "\(path):\(index + 1): \(error.description)")
            }
            faults.append(fault)
        }
        return faults
    }

    /// Every switch with its values, the default first.
    static var list: String {
        """
        Each is NAME=VALUE for every time, NAME=VALUE@3 for the third, @3-5 or @3+; the first value is the default.

        """
            + SandboxFaults.catalogue.map { "\($0.name)=\($0.values.joined(separator: "|"))\n" }.joined()
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var previous: Character = " "
        for index in line.indices {
            if line[index] == "#", previous.isWhitespace { return line[..<index] }
            previous = line[index]
        }
        return line
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
