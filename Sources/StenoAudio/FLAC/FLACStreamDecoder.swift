@preconcurrency import CFLAC

/// Decodes one FLAC stream that comes in pieces of any size: 16 kHz mono 16-bit in, its samples out, as soon as their
/// frame is whole.
///
/// libFLAC asks for bytes and cannot be told that more will come later. So it is only trusted with whole frames: what
/// is left after the last of them is kept and offered again, from its beginning, with the bytes that came since.
///
/// Not `Sendable`: one thread owns it.
package final class FLACStreamDecoder {
    /// A frame of ours is some kilobytes; without a whole frame in this many bytes it is no FLAC stream.
    private static let undecodedLimit = 1 << 20

    private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
    private let feed = Feed()

    /// What the callbacks of libFLAC share with us.
    private final class Feed {
        var bytes: [UInt8] = []
        /// How far libFLAC has read in `bytes`.
        var position = 0
        var samples: [Int16] = []
        var isForeign = false
    }

    package init() throws(AudioError) {
        guard let decoder = FLAC__stream_decoder_new() else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_decoder_new")
        }
        let status = FLAC__stream_decoder_init_stream(
            decoder,
            { _, buffer, count, client in FLACStreamDecoder.read(buffer, count, client) },
            nil,
            // A position is only asked for, to know where a frame ended.
            { _, offset, client in
                guard let offset, let client else { return FLAC__STREAM_DECODER_TELL_STATUS_ERROR }
                offset.pointee = UInt64(Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue().position)
                return FLAC__STREAM_DECODER_TELL_STATUS_OK
            },
            nil,
            nil,
            { _, frame, channels, client in FLACStreamDecoder.write(frame, channels, client) },
            nil,
            { _, _, _ in },
            Unmanaged.passUnretained(self.feed).toOpaque()
        )
        guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
            FLAC__stream_decoder_delete(decoder)
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_decoder_init_stream: \(status.rawValue)")
        }
        self.decoder = decoder
    }

    deinit { FLAC__stream_decoder_delete(self.decoder) }

    /// Takes the next bytes and returns the samples of every frame that became whole.
    ///
    /// - Throws: when the bytes are no FLAC stream of 16 kHz mono.
    package func decode(_ bytes: [UInt8]) throws(AudioError) -> [Int16] {
        self.feed.bytes += bytes
        self.feed.samples.removeAll(keepingCapacity: true)
        while self.decodeFrame() {}
        guard !self.feed.isForeign, self.feed.bytes.count <= Self.undecodedLimit else {
            throw AudioError(.unknownKind, path: "-")
        }
        return self.feed.samples
    }

    /// Decodes one block of metadata or one frame; `false` if there is no whole one.
    private func decodeFrame() -> Bool {
        guard !self.feed.bytes.isEmpty else { return false }
        let before = self.feed.samples.count
        var end: UInt64 = 0
        guard FLAC__stream_decoder_process_single(self.decoder) != 0,
            FLAC__stream_decoder_get_state(self.decoder) != FLAC__STREAM_DECODER_ABORTED,
            FLAC__stream_decoder_get_decode_position(self.decoder, &end) != 0, end > 0
        else {
            // It ran out of bytes. What it made of a part is forgotten, and the part is kept.
            self.feed.samples.removeSubrange(before...)
            self.rewind()
            return false
        }
        self.feed.bytes.removeFirst(min(Int(end), self.feed.bytes.count))
        self.rewind()
        return true
    }

    /// Makes libFLAC forget what it has read ahead; it keeps what it knows of the stream.
    private func rewind() {
        if self.hasHeader { FLAC__stream_decoder_flush(self.decoder) } else { FLAC__stream_decoder_reset(self.decoder) }
        self.feed.position = 0
    }

    private var hasHeader: Bool { FLAC__stream_decoder_get_sample_rate(self.decoder) > 0 }
}

extension FLACStreamDecoder {
    private static func read(
        _ buffer: UnsafeMutablePointer<FLAC__byte>?,
        _ count: UnsafeMutablePointer<Int>?,
        _ client: UnsafeMutableRawPointer?
    ) -> FLAC__StreamDecoderReadStatus {
        guard let buffer, let count, let client else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        let feed = Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue()
        let given = min(count.pointee, feed.bytes.count - feed.position)
        count.pointee = given
        // "No more for now" has no word of its own in libFLAC; aborting is the one that can be taken back.
        guard given > 0 else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        feed.bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            buffer.update(from: base + feed.position, count: given)
        }
        feed.position += given
        return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
    }

    private static func write(
        _ frame: UnsafePointer<FLAC__Frame>?,
        _ channels: UnsafePointer<UnsafePointer<FLAC__int32>?>?,
        _ client: UnsafeMutableRawPointer?
    ) -> FLAC__StreamDecoderWriteStatus {
        guard let frame, let client, let samples = channels?[0] else { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
        let feed = Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue()
        let header = frame.pointee.header
        guard header.channels == 1, header.sample_rate == 16_000, header.bits_per_sample == 16 else {
            feed.isForeign = true
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
        }
        for index in 0..<Int(header.blocksize) { feed.samples.append(Int16(truncatingIfNeeded: samples[index])) }
        return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
    }
}
