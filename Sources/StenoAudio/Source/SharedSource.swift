package import StenoCore

/// A source that two may observe: the session that reads it, and whoever keeps a copy.
///
/// A source rings again only when its progress was read after the last ring. Here one ring reaches both, and each reads
/// the progress after it was rung, so neither misses what the other was rung for.
package final class SharedSource: SampleSource {
    /// Inside a struct, because a closure that is kept in a generic place is wrapped anew with every look at it.
    private struct Doorbells {
        var reader: (@Sendable () -> Void)?
        var copier: (@Sendable () -> Void)?
    }

    private let source: any SampleSource
    private let doorbells = Locked(Doorbells())

    package init(_ source: any SampleSource) {
        self.source = source
        let doorbells = self.doorbells
        source.observe {
            // Called outside the lock, so that an observer may come back to observe again.
            let bells = doorbells.withLock { $0 }
            bells.reader?()
            bells.copier?()
        }
    }

    package var progress: SourceProgress { self.source.progress }
    package var totalFrames: Int64? { self.source.totalFrames }
    package var warnings: [AudioWarning] { self.source.warnings }
    package var gaps: [AudioGap] { self.source.gaps }

    package func observe(_ doorbell: @escaping @Sendable () -> Void) {
        self.doorbells.withLock { $0.reader = doorbell }
        // What happened before must not be missed; a ring for nothing costs one look.
        doorbell()
    }

    /// As `observe`, for the other one.
    package func watch(_ doorbell: @escaping @Sendable () -> Void) {
        self.doorbells.withLock { $0.copier = doorbell }
        doorbell()
    }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try self.source.read(at: position, into: buffer)
    }
}
