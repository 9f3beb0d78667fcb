import Glibc

/// Names a recording: the time it began, for people, and eight random characters, for uniqueness.
package enum RecordingID {
    /// Without the characters that are mistaken for one another when read aloud.
    private static let alphabet = Array("23456789abcdefghjkmnpqrstuvwxyz")

    package static func make() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        let fields = [
            parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        let suffix = (0..<8).map { _ in Self.alphabet[Int.random(in: 0..<Self.alphabet.count)] }
        return "\(fields[0..<3].joined())-\(fields[3..<6].joined())-\(String(suffix))"
    }
}
