package import StenoAudio
package import StenoCore
package import StenoStore
import Synchronization

/// The audio of a recording, for hearing it later. What was never captured, or can no longer be read, is a gap.
package final class StoredAudio: SampleSource {
    private struct State {
        var reader: RecordingReader?
        var gaps: [AudioGap]
        var damaged = SpanSet()
    }

    private let end: SamplePosition
    private let state: Mutex<State>

    /// - Parameters:
    ///   - stored: how much of it is in the recording; the rest is a gap too.
    ///   - expected: where the timeline ended.
    package init(_ reader: RecordingReader, stored: SamplePosition, expected: SamplePosition) {
        self.end = max(reader.info.end, expected)
        var gaps = reader.info.gaps
        if stored < self.end {
            gaps.append(AudioGap(AudioSpan(start: stored, end: self.end), cause: .unreadable))
        }
        self.state = Mutex(State(reader: reader, gaps: gaps))
    }

    package var progress: SourceProgress { SourceProgress(available: self.end, isComplete: true) }
    package var totalFrames: Int64? { self.end.frames }
    package var warnings: [AudioWarning] { [] }
    package var gaps: [AudioGap] { self.state.withLock(\.gaps) }

    /// It does not change.
    package func observe(_ doorbell: @escaping @Sendable () -> Void) { doorbell() }

    /// Lets go of the file, so that it can be made one again. Reading gives nothing afterwards.
    package func close() { self.state.withLock { $0.reader = nil } }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try self.state.withLock { state throws(AudioError) in
            guard let reader = state.reader, position.frames >= 0, position < self.end else { return 0 }
            let room = Int(min(Int64(buffer.count), self.end - position))
            let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<room])
            let count = try reader.read(at: position, into: wanted)
            for span in reader.damaged.subtracting(state.damaged).spans {
                state.gaps.append(AudioGap(span, cause: .unreadable))
                state.damaged.insert(span)
            }
            guard count == 0 else { return count }
            // Behind what was stored.
            wanted.update(repeating: 0)
            return room
        }
    }
}
