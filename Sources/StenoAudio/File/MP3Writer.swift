import CSndfile
import Glibc
package import StenoCore

/// Writes MP3 files, 16 kHz mono at 48 kbit/s: an hour in 21.6 MB. A second is in memory at a time, however long it is.
package enum MP3Writer {
    /// Bits of one second.
    package static let bitRate = 48_000
    /// libsndfile takes a compression from 0 to 1 for the 160 down to 8 kbit/s that MPEG-2 Layer III has.
    private static let compression = (160_000 - Double(Self.bitRate)) / (160_000 - 8_000)

    /// Writes what of `span` is available now, all of it by default, to a file that only this user may read. A file
    /// that is there is replaced; one that cannot be finished is removed. Blocks; not for an event loop.
    ///
    /// - Returns: how many frames were written.
    @discardableResult
    package static func write(
        _ source: any SampleSource,
        _ span: AudioSpan? = nil,
        to path: String
    ) throws(AudioError) -> Int64 {
        try AudioFileDraft.write(source, span, to: path) { span, descriptor throws(AudioError) in
            try self.encode(span, of: source, to: descriptor, path: path)
        }
    }

    private static func encode(
        _ span: AudioSpan,
        of source: any SampleSource,
        to descriptor: CInt,
        path: String
    ) throws(AudioError) {
        var info = SF_INFO()
        info.samplerate = CInt(SamplePosition.rate)
        info.channels = 1
        info.format = CInt(SF_FORMAT_MPEG) | CInt(SF_FORMAT_MPEG_LAYER_III)
        guard let handle = sf_open_fd(descriptor, CInt(SFM_WRITE), &info, CInt(SF_FALSE)) else {
            throw AudioFileDraft.refused(path, "sf_open_fd")
        }
        do throws(AudioError) {
            var mode = CInt(SF_BITRATE_MODE_CONSTANT)
            var compression = self.compression
            // In this order: the mode is applied with the compression that is set by then, and refused without one.
            let isSet =
                sf_command(
                    handle,
                    CInt(SFC_SET_COMPRESSION_LEVEL),
                    &compression,
                    CInt(MemoryLayout<Double>.size)
                ) == CInt(SF_TRUE)
                && sf_command(handle, CInt(SFC_SET_BITRATE_MODE), &mode, CInt(MemoryLayout<CInt>.size)) == CInt(SF_TRUE)
            guard isSet else { throw AudioFileDraft.refused(path, "sf_command") }
            try AudioFileDraft.blocks(of: span, source, path: path) { block throws(AudioError) in
                let count = sf_count_t(block.count)
                guard sf_writef_short(handle, block.baseAddress, count) == count else {
                    throw AudioFileDraft.refused(path, "sf_writef_short")
                }
            }
        } catch {
            sf_close(handle)
            throw error
        }
        // The last bytes leave the buffer only now.
        guard sf_close(handle) == 0 else { throw AudioFileDraft.refused(path, "sf_close") }
    }
}
