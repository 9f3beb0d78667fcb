package import StenoCore

/// How far the audio of a source is there.
package struct SourceProgress: Hashable, Sendable {
    /// Samples before this position can be read.
    package var available: SamplePosition
    /// Nothing will be added any more; `available` is the length.
    package var isComplete: Bool
    /// Why the source ended early. What is available stays readable.
    package var failure: AudioError?

    package init(available: SamplePosition, isComplete: Bool, failure: AudioError? = nil) {
        self.available = available
        self.isComplete = isComplete
        self.failure = failure
    }
}

/// The one seam through which a session reads audio: 16 kHz mono, by position, any part at any time, so that sending,
/// replaying and uploading need no queue of their own.
package protocol SampleSource: AnyObject, Sendable {
    /// How far the audio is there, whether it has ended, and why it failed if it did. A failed source is complete too.
    /// Cheap; any thread.
    var progress: SourceProgress { get }

    /// Copies the available samples of `[position, position + buffer.count)` and returns how many there were: 0 at or
    /// after the end of what is available, and before the start of the timeline. Any thread; never waits for a
    /// producer.
    func read(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int

    /// Has `doorbell` called, on any thread, when `progress` changed since it was last read. One observer: the last one
    /// counts. A change that happened before this call rings at once, so that an observer who comes late misses
    /// nothing.
    func observe(_ doorbell: @escaping @Sendable () -> Void)

    /// The whole length in frames, as soon as it is known: an expectation while the source grows, a fact once it is
    /// complete. `nil` for a pipe until its end.
    var totalFrames: Int64? { get }

    /// What was wrong with the input, each worth one line to the user. Complete once the source is.
    var warnings: [AudioWarning] { get }

    /// Where the timeline has no audio although it goes on, in the order in which that became known: an entry never goes
    /// away, and only the last may still grow, as long as it ends where `progress` does. Reading there gives zeros.
    var gaps: [AudioGap] { get }
}

extension SampleSource {
    /// Most inputs are whole, or end early.
    package var gaps: [AudioGap] { [] }
}
