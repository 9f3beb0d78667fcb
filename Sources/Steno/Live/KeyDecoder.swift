/// Keys that mean something during a dictation.
package enum Key: Hashable, Sendable, CaseIterable {
    case pause, summary, stop, help

    /// For the person who asked.
    package static let sentence = "Keys: space pauses and goes on, s makes a summary now, q ends, ? shows this."
}

/// Finds the keys in what a terminal sends.
package enum KeyDecoder {
    /// Nobody types more between two looks; a longer piece was pasted, and a text must not steer a recording.
    private static let mostTyped = 4

    /// - Parameter bytes: what one `read` gave.
    package static func keys(in bytes: some Collection<UInt8>) -> [Key] {
        // Escape begins arrows and the like, whose letters are no keys.
        guard bytes.count <= Self.mostTyped, bytes.first != 0x1B else { return [] }
        return bytes.compactMap { byte in
            switch byte {
            case UInt8(ascii: " "): .pause
            case UInt8(ascii: "s"), UInt8(ascii: "S"): .summary
            case UInt8(ascii: "q"), UInt8(ascii: "Q"): .stop
            case UInt8(ascii: "?"), UInt8(ascii: "h"), UInt8(ascii: "H"): .help
            default: nil
            }
        }
    }
}
