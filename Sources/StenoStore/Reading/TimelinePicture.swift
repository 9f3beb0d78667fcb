import StenoCore

/// A recording as one line of text: what became of its audio, from begin to end. A cell shows the worst of what is in
/// it, so that nothing that is missing or open is too short to be seen.
package enum TimelinePicture {
    package static let legend = "= confirmed   . silent   ? unconfirmed   - recorded   x missing"

    /// - Parameter width: cells; fewer when the recording has fewer samples.
    package static func draw(_ info: RecordingInfo, width: Int) -> String {
        let total = info.end.frames
        guard total > 0, width > 0 else { return "" }
        let cells = Int64(min(Int64(width), total))
        let missing = SpanSet(info.gaps.map(\.span)).union(info.coverage?.missing ?? SpanSet())
        return (0..<cells).map { cell in
            // Whole samples, without overflow for any length.
            let start = total / cells * cell + total % cells * cell / cells
            let end = total / cells * (cell + 1) + total % cells * (cell + 1) / cells
            return Self.sign(of: AudioSpan(start..<end), info, missing)
        }.joined()
    }

    private static func sign(of span: AudioSpan, _ info: RecordingInfo, _ missing: SpanSet) -> String {
        if missing.frames(in: span) > 0 { return "x" }
        guard let coverage = info.coverage, span.end <= coverage.total else { return "-" }
        if coverage.unconfirmed.frames(in: span) > 0 { return "?" }
        return coverage.confirmed.frames(in: span) > 0 ? "=" : "."
    }
}
