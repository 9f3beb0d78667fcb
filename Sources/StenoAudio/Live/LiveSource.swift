package import StenoCore
import Synchronization

/// What is captured right now, as sessions read it: by position, from memory while they keep up, from the recording
/// when they are behind or hear something again.
///
/// The capture thread writes; one thread hands rows to the recording, and one wakes the session and passes on notices.
/// Neither waits when nothing happens, and memory stays flat whatever the length and whoever stalls:
///
/// | at its bound | what happens |
/// | --- | --- |
/// | session ring, 65 s | nothing is lost: what does not fit is read from the recording |
/// | recorder ring, 65 s | a stalled disk: what does not fit is missing from the recording, measured and told |
/// | notices | see `NoticeQueue` |
/// | audio that memory has not and the disk did not take for a ring's length | given up: a gap, `disk-stalled` |
package final class LiveSource: SampleSource {
    /// How much of what was read stays in memory, to be sent again after a lost connection: 20 s, and at most a third of
    /// the ring, so that most of it is there for what comes.
    private static let replayFrames = Int64(20 * SamplePosition.rate)

    private struct Memory: ~Copyable {
        var reader: TimelineRing.Reader
        /// The end of what was read.
        var furthest = SamplePosition.zero
    }

    private let timeline: LiveTimeline
    private let view = LiveView()
    private let sink: any RecordingSink
    private let memory: Locked<Memory>
    private let hasWriter = Atomic(false)

    /// - Parameters:
    ///   - recording: where everything is kept.
    ///   - name: of the microphone, for messages.
    ///   - onNotice: called in order, on the thread that also wakes the session, so it should return soon; the capture
    ///     does not wait for it. A gap that grows is told again as a whole, with the same start.
    /// - Throws: when the system has no descriptor or thread left.
    package convenience init(
        recording: any RecordingSink,
        name: String = "microphone",
        onNotice: @escaping @Sendable (CaptureNotice) -> Void
    ) throws(AudioError) {
        try self.init(recording: recording, name: name, ringFrames: SampleRing.minimumFrames, onNotice: onNotice)
    }

    /// With rings of another size, for tests.
    package init(
        recording: any RecordingSink,
        name: String = "microphone",
        ringFrames: Int,
        notices: Int = NoticeQueue.capacity,
        onNotice: @escaping @Sendable (CaptureNotice) -> Void
    ) throws(AudioError) {
        let timeline = try LiveTimeline(name: name, ringFrames: ringFrames, notices: notices)
        let view = self.view
        self.timeline = timeline
        self.sink = recording
        self.memory = Locked(Memory(reader: timeline.sessionRing.makeReader()))
        try NamedThread.run("steno-notify", path: name) {
            LiveNotifier(timeline, view: view, onNotice: onNotice).run()
        }
        do throws(AudioError) {
            try NamedThread.run("steno-record", path: name) { LiveRecorder(timeline, sink: recording).run() }
        } catch {
            timeline.recording.ended()
            timeline.finish()
            throw error
        }
    }

    deinit {
        // Without a writer nobody else would end the threads.
        if !self.hasWriter.load(ordering: .relaxed) { self.timeline.finish() }
    }

    /// The capture thread's end. Only once.
    package func makeWriter() -> LiveWriter {
        precondition(!self.hasWriter.exchange(true, ordering: .relaxed), "a live source has one writer")
        return LiveWriter(self.timeline)
    }

    /// What became of the recording so far.
    package var recording: RecordingReport { self.timeline.recording.report }

    /// Waits until the last sample is in the recording, and the recording is finished or given up.
    package func recorded() async -> RecordingReport { await self.timeline.recording.whenEnded() }

    /// The end of the timeline when sessions were last woken, at most 100 ms ago: all gaps before it are known.
    package var progress: SourceProgress { self.view.progress }
    package var gaps: [AudioGap] { self.view.list }

    package var totalFrames: Int64? {
        let progress = self.progress
        return progress.isComplete ? progress.available.frames : nil
    }

    package var warnings: [AudioWarning] {
        let frames = self.recording.gaps.reduce(0) { $0 + $1.span.frames }
        return frames > 0 ? [AudioWarning(.notRecorded(frames: frames), path: self.timeline.name)] : []
    }

    package func observe(_ doorbell: @escaping @Sendable () -> Void) { self.view.observe(doorbell) }

    /// Zeros in gaps. Short, also before the end, where memory no longer has it and the recorder not yet: come again.
    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let available = self.view.end
        guard position >= .zero, position < available else { return 0 }
        let count = Int(min(Int64(buffer.count), available - position))
        return self.memory.withLock { memory in
            var done = 0
            while done < count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[done..<count])
                let part = self.readPart(at: position + Int64(done), into: rest, from: memory.reader)
                guard part > 0 else { break }
                done += part
            }
            memory.furthest = max(memory.furthest, position + Int64(done))
            let kept = min(Self.replayFrames, Int64(self.timeline.sessionRing.capacity / 3))
            memory.reader.release(before: memory.furthest - kept)
            return done
        }
    }

    /// Fills `buffer` up to where the audio lies somewhere else.
    private func readPart(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>,
        from reader: borrowing TimelineRing.Reader
    ) -> Int {
        let remembered = reader.copy(at: position, into: buffer)
        guard remembered == 0 else { return remembered }
        var span = AudioSpan(start: position, end: position + Int64(buffer.count))
        span.end = reader.stretch(from: position)?.clamped(to: span).start ?? span.end
        if let gap = self.view.gap(in: span) {
            if gap.start == position { return self.silence(gap.frames, in: buffer) }
            span.end = gap.start
        }
        let recorded = self.timeline.recording.end
        guard position < recorded else {
            let isOld = self.view.end - position > Int64(self.timeline.recorderRing.capacity)
            return isOld ? self.lose(span, .diskStalled, in: buffer) : 0
        }
        span.end = min(span.end, recorded)
        if let missing = self.timeline.recording.missing(in: span) {
            if missing.start == position { return self.lose(missing, .diskStalled, in: buffer) }
            span.end = missing.start
        }
        do throws(AudioError) {
            return try self.sink.read(
                at: position,
                into: UnsafeMutableBufferPointer(rebasing: buffer[..<Int(span.frames)])
            )
        } catch {
            return self.lose(span, .unreadable, in: buffer)
        }
    }

    private func lose(
        _ span: AudioSpan,
        _ cause: AudioGap.Cause,
        in buffer: UnsafeMutableBufferPointer<Int16>
    ) -> Int {
        self.view.lost(span, cause: cause)
        return self.silence(span.frames, in: buffer)
    }

    private func silence(_ frames: Int64, in buffer: UnsafeMutableBufferPointer<Int16>) -> Int {
        buffer[..<Int(frames)].update(repeating: 0)
        return Int(frames)
    }
}
