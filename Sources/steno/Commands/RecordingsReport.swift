import Steno
import StenoCore
import StenoStore
import StenoWire

/// Recordings in words and as JSON.
enum RecordingsReport {
    /// Gaps that are told one by one at most.
    private static let gapLimit = 20

    /// One line of a list.
    static func line(_ info: RecordingInfo) -> String {
        var words = [Self.name(of: info), info.description.engine, info.description.source.rawValue]
        if !info.gaps.isEmpty { words.append(info.gaps.count == 1 ? "1 gap" : "\(info.gaps.count) gaps") }
        if !info.isSealed { words.append("not sealed") }
        if info.isKeyAbsent { words.append("its key is not here") }
        let length = ClockText.text(info.end.seconds)
        let padding = String(repeating: " ", count: max(0, 8 - length.count))
        return "\(info.description.id)  \(padding)\(length)  \(words.joined(separator: ", "))"
    }

    /// Several lines about one recording.
    static func text(_ info: RecordingInfo, width: Int) -> String {
        let description = info.description
        var lines = [
            "\(description.id)  \(Self.name(of: info))",
            "begun      \(WallClock.text(of: description.begun))",
            "length     \(ClockText.text(info.end.seconds)), \(info.utterances) utterances",
            "source     \(([description.source.rawValue] + [description.device].compactMap(\.self)).joined(separator: ", "))",
            "engine     \(([description.engine] + [description.model].compactMap(\.self)).joined(separator: ", "))",
            "belongs to \(description.realm)",
            "sealed     \(info.isKeyAbsent ? "yes, and its key is not here" : info.isSealed ? "yes" : "no")",
            "size       \(Self.text(megabytes: info.bytes)) MB" + (info.parts > 1 ? " in \(info.parts) files" : ""),
        ]
        if let totals = info.coverage?.totals {
            let parts = [
                ("confirmed", totals.confirmed), ("silent", totals.silent), ("unconfirmed", totals.unconfirmed),
                ("missing", totals.missing),
            ].map { "\($0.0) \(Self.text(frames: $0.1)) s" }
            lines.append("coverage   \(parts.joined(separator: ", "))")
        }
        for gap in info.gaps.prefix(Self.gapLimit) {
            lines.append("gap        \(Self.text(gap.span)) \(gap.cause.rawValue)")
        }
        if info.gaps.count > Self.gapLimit { lines.append("gap        and \(info.gaps.count - Self.gapLimit) more") }
        lines += Self.openLines(info)
        for delivery in info.deliveries {
            lines.append("delivery   \(Self.sentence(delivery))")
        }
        let picture = TimelinePicture.draw(info, width: width - 2)
        if !picture.isEmpty { lines += ["", "[\(picture)]", " \(TimelinePicture.legend)"] }
        return lines.map { TerminalText.neutralised($0) }.joined(separator: "\n")
    }

    /// Speech that has no text.
    private static func openLines(_ info: RecordingInfo) -> [String] {
        let open = info.coverage?.unconfirmed.spans ?? []
        let shown = open.prefix(Self.gapLimit).map { "no text    \(Self.text($0))" }
        return shown + (open.count > shown.count ? ["no text    and \(open.count - shown.count) more"] : [])
    }

    /// What was not done with it, in a few words; `nil` when everything was.
    static func open(_ info: RecordingInfo) -> String? {
        guard !info.isComplete else { return nil }
        var open = info.deliveries.filter(\.isOpen).map { "\($0.target) \(DeliveryReport.State($0).rawValue)" }
        let unconfirmed = info.coverage?.totals.unconfirmed ?? info.end.frames
        if unconfirmed > 0 { open.append("\(Self.text(frames: unconfirmed)) s had no text yet") }
        return open.isEmpty ? nil : open.joined(separator: ", ")
    }

    /// Where it went, when it changed last, how it stands, and the far side's id.
    private static func sentence(_ delivery: RecordingDelivery) -> String {
        let words = [
            delivery.target, DeliveryReport.State(delivery).rawValue, WallClock.text(of: delivery.changed),
            delivery.note, delivery.reason,
        ]
        return words.compactMap(\.self).joined(separator: " ")
    }

    /// What `verify` says: one line, and one for each thing that is wrong.
    static func lines(_ place: RecordingPlace, _ verification: RecordingVerification) -> [String] {
        let length = ClockText.text(verification.end.seconds)
        let trouble =
            verification.trouble.map { ["      not opened: \(TerminalText.neutralised($0.description))"] } ?? []
        guard !verification.isSound else {
            guard trouble.isEmpty else {
                return ["part  \(place.id)  \(length), \(verification.lockedRows) rows are there and sealed"] + trouble
            }
            return ["ok    \(place.id)  \(length), \(verification.soundRows) rows"]
        }
        let details =
            verification.damaged.spans.map { "      damaged \(Self.text($0))" }
            + verification.holes.spans.map { "      absent  \(Self.text($0)), and no gap says why" }
            + verification.problems.map { "      \(TerminalText.neutralised($0))" }
        let rows =
            trouble.isEmpty
            ? "\(verification.soundRows) rows are sound" : "\(verification.lockedRows) rows are there and sealed"
        return ["BAD   \(place.id)  \(length), \(rows)"] + details + trouble
    }

    /// What of a recording can never be heard again though it was recorded, one line for each.
    static func losses(_ info: RecordingInfo) -> [String] {
        info.unreadable.spans.prefix(Self.gapLimit).map { "Unreadable \(Self.text($0))." }
            + info.setAside.map { "The file '\(TerminalText.neutralised($0))' is damaged and is kept as it is." }
            + (info.salvage?.lines ?? [])
    }

    private static func name(of info: RecordingInfo) -> String {
        switch info.state {
        case .running(let process?): "running in process \(process)"
        case .running(nil): "running"
        case .unfinished: "unfinished"
        case .finished where info.isRecovered: "recovered"
        case .finished: info.isComplete ? "complete" : "incomplete"
        }
    }

    private static func text(_ span: AudioSpan) -> String {
        "at \(Self.text(frames: span.start.frames)) s for \(Self.text(frames: span.frames)) s"
    }

    private static func text(frames: Int64) -> String {
        Self.text(seconds: SamplePosition(frames: frames).seconds)
    }

    /// With three digits behind the point.
    static func text(seconds: Double) -> String {
        let milliseconds = Int64((seconds * 1_000).rounded())
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    private static func text(megabytes bytes: Int64) -> String {
        "\(bytes / 1_000_000).\(bytes / 100_000 % 10)"
    }
}
