package import StenoCore

/// Where the copy of a source is kept. One thread writes; `durable` is for any.
///
/// A call that throws may be made again with the same samples.
package protocol CopySink: AnyObject, Sendable {
    /// Samples in order and without holes; what was taken before is passed over.
    func append(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) throws(AudioError)

    /// Brings to the disk what can be brought there now, and whatever else waits to be written. Cheap when nothing does.
    func settle() throws(AudioError)

    /// What lies before survives a power cut.
    var durable: SamplePosition { get }
}

/// What became of a copy.
package struct CopyReport: Hashable, Sendable {
    /// The place to keep it was there.
    package internal(set) var isOpen = false
    /// Everything before this was handed over.
    package internal(set) var end = SamplePosition.zero
    /// What should have been handed over and was not.
    package internal(set) var missing: AudioSpan?
    /// What the disk said, if that was not made good since.
    package internal(set) var failure: AudioError?
}
