import Steno
import StenoCore
import StenoStore

/// Watches a recording while another process writes it: each utterance as it is stored, and beside them how far it is.
struct RecordingsFollow {
    /// Rows are committed four times a second; a person needs no more than this.
    private static let interval = Duration.milliseconds(500)

    private let place: RecordingPlace
    private let isJSON: Bool
    private let program: Program
    private let status: FollowStatus
    private var known: Set<Utterance.ID> = []
    private var count: Int64 = -1
    private var end = SamplePosition(frames: -1)

    init(_ place: RecordingPlace, isJSON: Bool, in program: Program) {
        self.place = place
        self.isJSON = isJSON
        self.program = program
        self.status = FollowStatus(isDrawing: program.options.isDrawing && !isJSON)
    }

    /// Until nobody writes it any more.
    mutating func run() async throws -> ExitCode {
        while true {
            let info = try RecordingInfo(self.place)
            try self.tell(info)
            guard case .running = info.state else { return self.ended(info) }
            try await Task.sleep(for: Self.interval)
        }
    }

    private mutating func tell(_ info: RecordingInfo) throws {
        defer {
            self.count = info.utterances
            self.end = info.end
        }
        if self.isJSON {
            guard info.end != self.end || info.utterances != self.count else { return }
            return try self.program.write("\(RecordingsReport.json(info))\n")
        }
        self.status.hide()
        if info.utterances != self.count { try self.tellNew() }
        if case .running = info.state { self.status.show(info) }
    }

    private mutating func tellNew() throws {
        for utterance in try RecordingReader(self.place).utterances() where self.known.insert(utterance.id).inserted {
            guard let line = RecordingDocument.line(of: utterance) else { continue }
            try self.program.write("\(line)\n")
        }
    }

    private func ended(_ info: RecordingInfo) -> ExitCode {
        self.status.hide()
        switch info.state {
        case .running: return .success
        case .unfinished:
            self.program.say(
                "Whoever wrote it is gone. 'steno recordings recover \(self.place.id)' finishes it.",
                .warning
            )
            return .unfinished
        case .finished:
            self.program.say("The recording has ended after \(ClockText.text(info.end.seconds)).")
            return info.isComplete ? .success : .unfinished
        }
    }
}

/// One line on standard error that says how far a recording is; redrawn in its place.
private struct FollowStatus {
    let isDrawing: Bool

    func hide() {
        if self.isDrawing { self.write("\r\u{1B}[K") }
    }

    func show(_ info: RecordingInfo) {
        guard self.isDrawing else { return }
        // One column stays free: a full line would wrap, and then it could not be redrawn.
        let columns = max(0, Terminal.columns(of: 2) - 1)
        var line = DisplayWidth.prefix("\(ClockText.text(info.end.seconds)) recorded", columns: columns)
        for part in Self.parts(info) where DisplayWidth.columns(of: line) + 3 + part.count <= columns {
            line += " · \(part)"
        }
        let room = columns - DisplayWidth.columns(of: line) - 3
        if room >= 10 { line += " [\(TimelinePicture.draw(info, width: room))]" }
        self.write("\r\u{1B}[K\(line)")
    }

    private static func parts(_ info: RecordingInfo) -> [String] {
        guard let totals = info.coverage?.totals else { return [] }
        return [("unconfirmed", totals.unconfirmed), ("missing", totals.missing)].compactMap { name, frames in
            frames > 0 ? "\(name) \(ClockText.text(SamplePosition(frames: frames).seconds))" : nil
        }
    }

    /// What cannot be drawn is no reason to stop.
    private func write(_ text: String) { try? Descriptor.write(text, to: 2, path: "-") }
}
