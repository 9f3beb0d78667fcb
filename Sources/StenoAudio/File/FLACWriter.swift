@preconcurrency import CFLAC
import Glibc
package import StenoCore

/// Writes 16 kHz mono 16-bit FLAC files whose header says how long they are and what their checksum is.
package enum FLACWriter {
    /// A second at a time.
    private static let blockFrames = SamplePosition.rate

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
        let available = AudioSpan(start: .zero, end: source.progress.available)
        let span = span?.clamped(to: available) ?? available
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.refused(path, "open") }
        // A file that was there keeps its permissions when it is opened.
        guard fchmod(descriptor, 0o600) == 0, let file = fdopen(descriptor, "w+") else {
            close(descriptor)
            throw self.refused(path, "fchmod")
        }
        do throws(AudioError) {
            try self.encode(span, of: source, to: file, path: path)
        } catch {
            unlink(path)
            throw error
        }
        return span.frames
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
            throw self.refused(path, "FLAC__stream_encoder_new")
        }
        defer { FLAC__stream_encoder_delete(encoder) }
        FLAC__stream_encoder_set_channels(encoder, 1)
        FLAC__stream_encoder_set_bits_per_sample(encoder, 16)
        FLAC__stream_encoder_set_sample_rate(encoder, UInt32(SamplePosition.rate))
        FLAC__stream_encoder_set_compression_level(encoder, 5)
        FLAC__stream_encoder_set_total_samples_estimate(encoder, UInt64(clamping: span.frames))
        guard FLAC__stream_encoder_init_FILE(encoder, file, nil, nil) == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw self.refused(path, "FLAC__stream_encoder_init_FILE")
        }
        try self.copy(span, of: source, to: encoder, path: path)
        // The header is written now, and the last bytes leave the buffer.
        guard FLAC__stream_encoder_finish(encoder) != 0 else {
            throw self.refused(path, "FLAC__stream_encoder_finish")
        }
    }

    private static func copy(
        _ span: AudioSpan,
        of source: any SampleSource,
        to encoder: UnsafeMutablePointer<FLAC__StreamEncoder>,
        path: String
    ) throws(AudioError) {
        let block = Scratch<Int16>(count: self.blockFrames, filledWith: 0)
        let wide = Scratch<FLAC__int32>(count: self.blockFrames, filledWith: 0)
        var position = span.start
        while position < span.end {
            let room = Int(min(Int64(self.blockFrames), span.end - position))
            let piece = UnsafeMutableBufferPointer(rebasing: block.buffer[..<room])
            let count = try source.read(at: position, into: piece)
            // What was available stays available, so there is something unless the source breaks its word.
            guard count > 0 else { throw AudioError(.readFailed, path: path, cause: "read: 0 of \(room)") }
            for index in 0..<count { wide.buffer[index] = FLAC__int32(piece[index]) }
            guard FLAC__stream_encoder_process_interleaved(encoder, wide.buffer.baseAddress, UInt32(count)) != 0 else {
                throw self.refused(path, "FLAC__stream_encoder_process_interleaved")
            }
            position = position + Int64(count)
        }
    }

    private static func refused(_ path: String, _ call: StaticString) -> AudioError {
        AudioError(.storage(folder: path), path: path, cause: "\(call): \(errno)")
    }
}
