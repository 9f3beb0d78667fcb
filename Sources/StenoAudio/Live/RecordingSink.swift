package import StenoCore

/// Where captured audio is kept. One thread hands it over, in order and without holes: every frame of the timeline is
/// in exactly one `append` or `missed`, and then comes `finish`. `read` and `durable` are for any thread.
///
/// A call that throws is made again, with the same or more audio from the same position, for as long as there is room
/// in memory. So it may be made twice for what it took in part.
package protocol RecordingSink: AnyObject, Sendable {
    /// At most 250 ms, which end at a multiple of 250 ms or before a gap or the end.
    func append(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) throws(AudioError)

    /// There is no audio here. Told when the gap is over.
    func missed(_ gap: AudioGap) throws(AudioError)

    /// Nothing more will come: make it whole and durable. When it throws, it is not called again.
    func finish() throws(AudioError)

    /// Copies what is kept of `[position, position + buffer.count)` and returns how many samples that were; zeros in
    /// gaps; short where nothing was handed over yet.
    func read(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int

    /// What lies before survives a power cut.
    var durable: SamplePosition { get }
}

/// What became of a recording on disk.
package struct RecordingReport: Hashable, Sendable {
    /// Captured audio that is not in the recording, in order.
    package internal(set) var gaps: [AudioGap] = []
    /// What the disk said, if that was not made good since.
    package internal(set) var failure: AudioError?

    /// Everything that was captured is in the recording so far.
    package var isWhole: Bool { self.gaps.isEmpty && self.failure == nil }
}
