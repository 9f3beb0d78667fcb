import Glibc

/// Reads audio from a pipe as it comes.
package enum StandardInput {
    /// A source for what `descriptor` gives: WAV, told by its first bytes, or raw 16-bit samples, low byte first.
    /// Returns at once; what is wrong with the input shows in the source's progress.
    ///
    /// - Parameters:
    ///   - descriptor: stays the caller's, and must stay open until the source has ended.
    ///   - rate: of raw samples, in Hz; the header of a WAV counts more.
    ///   - channels: of raw samples.
    ///   - spoolFolder: where the audio is kept, in a file without a name, until the source goes.
    package static func open(
        descriptor: Int32 = 0,
        rate: Int = 16_000,
        channels: Int = 1,
        spoolFolder: String
    ) throws(AudioError) -> SpooledSource {
        // Before anything else is opened, which would get the number of a closed descriptor and be read in its place.
        guard fcntl(descriptor, F_GETFD) >= 0 else { throw AudioError(.empty, path: "-", cause: "fcntl: \(errno)") }
        let stop = try StopSignal(path: "-")
        let pipe = PipeBytes(borrowing: descriptor, path: "-", stop: stop)
        let producer = PipeProducer(pipe, rawFormat: FrameFormat(rate: rate, channels: channels))
        let spool = try Spool(path: "-", folder: spoolFolder, stop: stop)
        return try SpooledSource(producer, spool: spool, path: "-", isPrimed: false)
    }
}
