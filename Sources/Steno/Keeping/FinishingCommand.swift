/// The one command that finishes what a run left, as a person can paste it into a shell.
///
/// It names nobody: what is said about the visit has to be given again.
package struct FinishingCommand: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Parameter options: what chooses the same service again, such as `--sandbox`.
    package static func stream(_ file: String, options: [String]) -> FinishingCommand {
        // A name that looks like an option is one for the parser.
        let name = file.hasPrefix("-") ? "./\(file)" : file
        return Self(["steno", "stream", name] + options)
    }

    package static func deliver(_ ids: [String], options: [String]) -> FinishingCommand {
        Self(["steno", "deliver"] + ids + ["--to", "transcript"] + options)
    }

    private init(_ words: [String]) {
        self.description = words.map(Self.quoted).joined(separator: " ")
    }

    /// As a POSIX shell reads it back.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-_./:=,+@%".utf8.contains(byte)
            }
        }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
