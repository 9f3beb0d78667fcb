import StenoCore
import Synchronization

/// Hands what was captured to the sink, in rows. Owned by its thread.
///
/// A sink that throws or takes its time holds up nothing but this: the audio stays in the ring, and is handed over when
/// the sink takes it. What the ring could not hold meanwhile is measured when its turn comes, and told as a gap.
final class LiveRecorder {
    /// 250 ms. Rows end at its multiples, so the bound on what a crash costs holds after every gap too.
    static let rowFrames = Int64(SamplePosition.rate / 4)

    /// How often a sink that throws is asked at the end, when no more audio comes to ask it again with.
    private static let lastAttempts = 3

    private let timeline: LiveTimeline
    private let sink: any RecordingSink
    private var ring: TimelineRing.Reader
    private var notices: NoticeQueue.Reader
    /// Not told to the sink yet, in order. The last may still grow.
    private var gaps: [AudioGap] = []
    private var position = SamplePosition.zero
    private let row = Scratch<Int16>(count: Int(rowFrames), filledWith: 0)

    init(_ timeline: LiveTimeline, sink: any RecordingSink) {
        self.timeline = timeline
        self.sink = sink
        self.ring = timeline.recorderRing.makeReader()
        self.notices = timeline.recorderGaps.makeReader()
    }

    func run() {
        while !self.turn() { self.timeline.recordBell.answer() }
        self.timeline.recording.ended()
    }

    /// Hands over what is there.
    ///
    /// - Returns: whether the recording has ended.
    func turn() -> Bool {
        // Looked at first: who sees the end also sees everything before it.
        guard self.timeline.isFinished.load(ordering: .acquiring) else {
            _ = self.attempt(isFinished: false)
            return false
        }
        if !(0..<Self.lastAttempts).contains(where: { _ in self.attempt(isFinished: true) }) { self.giveUp() }
        self.finish()
        return true
    }

    private func attempt(isFinished: Bool) -> Bool {
        do throws(AudioError) {
            try self.handOver(isFinished: isFinished)
            self.timeline.recording.recovered(at: self.position)
            return true
        } catch {
            self.timeline.recording.failed(error, at: self.position)
            return false
        }
    }

    private func handOver(isFinished: Bool) throws(AudioError) {
        while let audio = self.ring.stretch(from: self.position) {
            // After the look at the ring: the gap before a sample is in the queue before the sample is in the ring.
            self.takeGaps()
            try self.miss(upTo: audio.start)
            guard let end = self.rowEnd(of: audio, isFinished: isFinished) else { return }
            try self.append(AudioSpan(start: audio.start, end: end))
        }
        self.takeGaps()
        if isFinished { try self.miss(upTo: self.timeline.end) }
    }

    /// Where the row that begins with `audio` ends; `nil` when more of it will come.
    private func rowEnd(of audio: AudioSpan, isFinished: Bool) -> SamplePosition? {
        let whole = SamplePosition(frames: (audio.start.frames / Self.rowFrames + 1) * Self.rowFrames)
        if audio.end >= whole { return whole }
        if isFinished || self.gaps.contains(where: { $0.span.start == audio.end }) { return audio.end }
        // Behind a hole for which there was no room.
        if let next = self.ring.stretch(from: audio.end), next.start > audio.end { return audio.end }
        return nil
    }

    private func append(_ span: AudioSpan) throws(AudioError) {
        let piece = UnsafeMutableBufferPointer(rebasing: self.row.buffer[..<Int(span.frames)])
        let count = self.ring.copy(at: span.start, into: piece)
        try self.sink.append(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(piece)[..<count]), at: span.start)
        self.advance(to: span.start + Int64(count))
    }

    /// Tells the sink that there is nothing up to `end`, each part with its cause.
    private func miss(upTo end: SamplePosition) throws(AudioError) {
        while self.position < end {
            while let gap = self.gaps.first, gap.span.end <= self.position { self.gaps.removeFirst() }
            let hole = AudioSpan(start: self.position, end: end)
            if let gap = self.gaps.first, gap.span.start <= self.position {
                try self.miss(AudioGap(gap.span.clamped(to: hole), cause: gap.cause))
            } else {
                let known = self.gaps.first.map { $0.span.clamped(to: hole).start } ?? end
                try self.miss(AudioGap(AudioSpan(start: self.position, end: known), cause: .diskStalled))
            }
        }
    }

    private func miss(_ gap: AudioGap) throws(AudioError) {
        try self.sink.missed(gap)
        if gap.cause == .diskStalled { self.timeline.recording.missed(gap.span) }
        self.advance(to: gap.span.end)
    }

    private func takeGaps() {
        while let notice = self.notices.next() {
            guard case .gap(let start, let frames, let cause) = notice else { continue }
            let gap = AudioGap(AudioSpan(start: start, end: start + frames), cause: cause)
            if self.gaps.last?.span.start == start { self.gaps.removeLast() }
            self.gaps.append(gap)
        }
    }

    private func advance(to position: SamplePosition) {
        self.position = position
        self.ring.release(before: position)
        self.timeline.recording.advanced(to: position)
    }

    /// Nothing more will come, and the disk does not take what is left.
    private func giveUp() {
        let rest = AudioSpan(start: self.position, end: self.timeline.end)
        let captured = SpanSet(CollectionOfOne(rest)).subtracting(SpanSet(self.gaps.map(\.span)))
        for span in captured.spans { self.timeline.recording.missed(span) }
        self.advance(to: rest.end)
    }

    private func finish() {
        do throws(AudioError) {
            try self.sink.finish()
        } catch {
            self.timeline.recording.failed(error, at: self.position)
        }
    }
}
