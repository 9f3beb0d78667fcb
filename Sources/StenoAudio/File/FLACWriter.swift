@preconcurrency import CFLAC
import Glibc
package import StenoCore

/// Writes 16 kHz mono 16-bit FLAC files whose header says how long they are and what their checksum is.
package enum FLACWriter {
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
            // libFLAC closes the file that it is given.
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { throw AudioFileDraft.refused(path, "fcntl") }
            guard let file = fdopen(copy, "w+") else {
                close(copy)
                throw AudioFileDraft.refused(path, "fdopen")
            }
            try self.encode(span, of: source, to: file, path: path)
        }
    }

    /// - Parameter file: closed by libFLAC, whatever happens.
    private static func encode(
        _ span: AudioSpan,
        of source: any SampleSource,
        to file: UnsafeMutablePointer<FILE>,
        path: String
    ) throws(AudioError) {
        guard let encoder = FLAC__stream_encoder_new() else {
            fclose(file)
            throw AudioFileDraft.refused(path, "FLAC__stream_encoder_new")
        }
        defer { FLAC__stream_encoder_delete(encoder) }
        FLAC__stream_encoder_set_channels(encoder, 1)
        FLAC__stream_encoder_set_bits_per_sample(encoder, 16)
        FLAC__stream_encoder_set_sample_rate(encoder, UInt32(SamplePosition.rate))
        FLAC__stream_encoder_set_compression_level(encoder, 5)
        FLAC__stream_encoder_set_total_samples_estimate(encoder, UInt64(clamping: span.frames))
        guard FLAC__stream_encoder_init_FILE(encoder, file, nil, nil) == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw AudioFileDraft.refused(path, "FLAC__stream_encoder_init_FILE")
        }
        try self.copy(span, of: source, to: encoder, path: path)
        // The header is written now, and the last bytes leave the buffer.
        guard FLAC__stream_encoder_finish(encoder) != 0 else {
            throw AudioFileDraft.refused(path, "FLAC__stream_encoder_finish")
        }
    }

    private static func copy(
        _ span: AudioSpan,
        of source: any SampleSource,
        to encoder: UnsafeMutablePointer<FLAC__StreamEncoder>,
        path: String
    ) throws(AudioError) {
        let wide = Scratch<FLAC__int32>(count: AudioFileDraft.blockFrames, filledWith: 0)
        try AudioFileDraft.blocks(of: span, source, path: path) { block throws(AudioError) in
            for (index, sample) in block.enumerated() { wide.buffer[index] = FLAC__int32(sample) }
            let count = UInt32(block.count)
            guard FLAC__stream_encoder_process_interleaved(encoder, wide.buffer.baseAddress, count) != 0 else {
                throw AudioFileDraft.refused(path, "FLAC__stream_encoder_process_interleaved")
            }
        }
    }
}
