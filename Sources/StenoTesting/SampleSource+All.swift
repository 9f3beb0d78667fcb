package import StenoAudio
package import StenoCore

extension SampleSource {
    /// Every sample that is available now, read in pieces of `block` frames.
    package func allSamples(block: Int = 4_096) throws(AudioError) -> [Int16] {
        var samples: [Int16] = []
        while true {
            let piece = try self.samples(at: SamplePosition(frames: Int64(samples.count)), count: block)
            guard !piece.isEmpty else { return samples }
            samples += piece
        }
    }

    /// Up to `count` samples from `position`.
    package func samples(at position: SamplePosition, count: Int) throws(AudioError) -> [Int16] {
        var failure: AudioError?
        let samples = [Int16](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(AudioError) {
                initialized = try self.read(at: position, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return samples
    }
}

extension SampleSource {
    /// Waits for the end and returns the last progress.
    ///
    /// - Precondition: nobody else observes the source.
    package func completed() async -> SourceProgress { await self.progressed { $0.isComplete } }

    /// Waits until the progress is as wanted, and returns it.
    ///
    /// - Precondition: nobody else observes the source.
    package func progressed(to isWanted: @escaping @Sendable (SourceProgress) -> Bool) async -> SourceProgress {
        await withCheckedContinuation { continuation in
            let waiting = Locked<CheckedContinuation<SourceProgress, Never>?>(continuation)
            let check: @Sendable () -> Void = {
                let progress = self.progress
                guard isWanted(progress) else { return }
                // Rung from several threads at once, the continuation still goes on once.
                waiting.withLock { $0.take() }?.resume(returning: progress)
            }
            self.observe(check)
            check()
        }
    }
}
