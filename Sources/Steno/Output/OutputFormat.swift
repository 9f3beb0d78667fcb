/// How a finished recording is written down.
package enum OutputFormat: String, CaseIterable, Sendable {
    case text
    case jsonl
    case json
    case srt
    case vtt
    case md

    /// The format that a file name asks for by its suffix; `nil` if the suffix says nothing.
    package init?(fileName: String) {
        let name = fileName.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "txt", "text": self = .text
        case "jsonl", "ndjson": self = .jsonl
        case "json": self = .json
        case "srt": self = .srt
        case "vtt": self = .vtt
        case "md", "markdown": self = .md
        default: return nil
        }
    }

    /// The suffixes `init(fileName:)` knows, for messages.
    package static let suffixes = ".txt, .jsonl, .json, .srt, .vtt, .md"
}
