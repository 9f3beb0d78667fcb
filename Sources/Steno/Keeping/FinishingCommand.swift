import StenoCore
package import StenoStore

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

    /// What is said needs nothing more; what is left is to hand it over.
    ///
    /// - Parameter id: `nil` for everything that waits.
    package static func queue(_ id: String?, options: [String]) -> FinishingCommand {
        Self(["steno", "queue", "retry"] + (id.map { [$0] } ?? []) + options)
    }

    /// What finishes a recording that was just left: its text first, and with it everything else.
    ///
    /// - Parameters:
    ///   - options: what leads to the same recording again, such as `--sandbox`.
    ///   - text: what has the rest of it recognised, if it is not `deliver`.
    package static func left(
        in place: RecordingPlace,
        options: [String],
        text: FinishingCommand? = nil
    ) -> FinishingCommand {
        let command = text ?? .deliver([place.id], options: options)
        guard let info = try? RecordingInfo(place), !info.needsText else { return command }
        // What is made by hearing the recording again is no work for a queue.
        let waiting = info.deliveries.filter { $0.isOpen && $0.target != SummaryKind.soep.rawValue }
        return waiting.isEmpty ? command : .queue(place.id, options: options)
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
