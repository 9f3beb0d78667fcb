package import StenoCore

/// A source that is decoded, or that comes through a pipe: a thread of its own makes samples as fast as they come and
/// appends them to a spool, where sessions read them at their own pace, any part at any time.
///
/// Letting the source go, or `stop`, ends the thread within one block, also while it waits for a pipe.
package final class SpooledSource: SampleSource {
    private let spool: Spool

    /// Decodes in the background.
    ///
    /// - Parameter isPrimed: decode the first block here, so that an input without sound fails at once. Not for a pipe,
    ///   which may take its time.
    /// - Throws: when the first block cannot be decoded, or no thread can be made.
    init(_ producer: sending any SampleProducer, spool: Spool, path: String, isPrimed: Bool) throws(AudioError) {
        self.spool = spool
        spool.expect(frames: producer.expectedFrames)
        let work = Work(spool: spool, producer: producer)
        if isPrimed {
            guard try work.produceBlock() else { throw AudioError(.noFrames, path: path) }
        }
        try NamedThread.run("steno-decode", path: path) { work.run() }
    }

    deinit {
        self.spool.stop.stop()
    }

    /// What is available stays readable; nothing is added any more, and the source ends as `cancelled`, unless it has
    /// already ended.
    package func stop() {
        self.spool.stop.stop()
    }

    package var progress: SourceProgress { self.spool.growth.current }
    package var totalFrames: Int64? { self.spool.totalFrames }
    package var warnings: [AudioWarning] { self.spool.warnings }

    package func observe(_ doorbell: @escaping @Sendable () -> Void) {
        self.spool.growth.observe(doorbell)
    }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try self.spool.read(at: position, into: buffer)
    }
}

/// What the thread does. It is made on one thread and then belongs to the other alone: nobody keeps a reference to it
/// or to its producer.
private final class Work {
    /// Half a second at a time.
    private static let blockSamples = 8_192

    private let spool: Spool
    private let producer: any SampleProducer
    private let block = Scratch<Int16>(count: blockSamples, filledWith: 0)

    init(spool: Spool, producer: any SampleProducer) {
        self.spool = spool
        self.producer = producer
    }

    func run() {
        var failure: AudioError?
        do throws(AudioError) {
            while try self.produceBlock() {
                guard !self.spool.stop.isStopped else { throw AudioError(.cancelled, path: self.spool.path) }
            }
        } catch {
            failure = error
        }
        self.spool.finish(warnings: self.producer.warnings, failure: failure)
    }

    /// `false` at the end.
    func produceBlock() throws(AudioError) -> Bool {
        let count = try self.producer.next(into: self.block.buffer)
        try self.spool.append(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(self.block.buffer)[..<count]))
        return count > 0
    }
}
