package import StenoAudio
package import StenoCore
import Synchronization

/// A source in memory that grows, ends and fails when the test says so.
package final class ScriptedSource: SampleSource {
    private let samples: Mutex<[Int16]>
    private let growth = GrowingProgress()
    private let problems = Mutex<[AudioWarning]>([])
    private let expectedFrames: Int64?

    /// - Parameters:
    ///   - samples: what is there from the beginning.
    ///   - isComplete: nothing will be added.
    ///   - totalFrames: the length it claims before its end, as a file does and a pipe does not.
    package init(_ samples: [Int16] = [], isComplete: Bool = true, totalFrames: Int64? = nil) {
        self.samples = Mutex(samples)
        self.expectedFrames = totalFrames
        if !samples.isEmpty { self.growth.advance(by: samples.count) }
        if isComplete { self.growth.finish() }
    }

    package func append(_ samples: [Int16]) {
        self.samples.withLock { $0 += samples }
        self.growth.advance(by: samples.count)
    }

    package func finish(failure: AudioError? = nil) {
        self.growth.finish(failure: failure)
    }

    package func warn(_ warning: AudioWarning) {
        self.problems.withLock { $0.append(warning) }
    }

    package var progress: SourceProgress { self.growth.current }
    package var warnings: [AudioWarning] { self.problems.withLock { $0 } }

    package var totalFrames: Int64? {
        let progress = self.growth.current
        return progress.isComplete ? progress.available.frames : self.expectedFrames
    }

    package func observe(_ doorbell: @escaping @Sendable () -> Void) {
        self.growth.observe(doorbell)
    }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        self.samples.withLock { samples in
            guard position.frames >= 0, position.frames < Int64(samples.count) else { return 0 }
            let rest = samples[Int(position.frames)...].prefix(buffer.count)
            return buffer.update(fromContentsOf: rest)
        }
    }
}
