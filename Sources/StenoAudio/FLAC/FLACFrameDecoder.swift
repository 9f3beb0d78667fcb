@preconcurrency import CFLAC
import StenoCore

/// Decodes what `FLACFrameEncoder` makes. The bytes come from a disk, so they may be anything: what is not exactly one
/// whole frame of 16 kHz mono 16-bit with the right checksums gives nothing.
///
/// Not `Sendable`: one thread owns it.
package final class FLACFrameDecoder {
    /// What the callbacks of libFLAC share with us.
    private final class Feed {
        var bytes: [UInt8] = []
        var position = 0
        var samples: [Int16] = []
        var isDamaged = false
    }

    private let decoder: UnsafeMutablePointer<FLAC__StreamDecoder>
    private let feed = Feed()

    /// The stream header that every frame of ours belongs to: blocks of 4,000, 16 kHz, mono, 16 bits, length and
    /// checksum unknown.
    private static let header: [UInt8] =
        Array("fLaC".utf8) + [0x80, 0, 0, 34, 0x0F, 0xA0, 0x0F, 0xA0, 0, 0, 0, 0, 0, 0, 0x03, 0xE8, 0x00, 0xF0]
        + [UInt8](repeating: 0, count: 20)

    /// - Throws: when libFLAC has no memory for it.
    package init() throws(AudioError) {
        guard let decoder = FLAC__stream_decoder_new() else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_decoder_new")
        }
        let status = FLAC__stream_decoder_init_stream(
            decoder,
            { _, buffer, count, client in FLACFrameDecoder.read(buffer, count, client) },
            nil,
            nil,
            nil,
            nil,
            { _, frame, channels, client in FLACFrameDecoder.write(frame, channels, client) },
            nil,
            { _, _, client in
                guard let client else { return }
                Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue().isDamaged = true
            },
            // Lives as long as the decoder, which is deleted before this object lets go of it.
            Unmanaged.passUnretained(self.feed).toOpaque()
        )
        guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else {
            FLAC__stream_decoder_delete(decoder)
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_decoder_init_stream: \(status.rawValue)")
        }
        self.decoder = decoder
    }

    deinit { FLAC__stream_decoder_delete(self.decoder) }

    /// The samples of one frame; `nil` when the bytes are damaged or no such frame.
    package func decode(_ frame: UnsafeRawBufferPointer) -> [Int16]? {
        // Twice the samples is what a frame needs that cannot be compressed.
        guard frame.count <= FLACFrameEncoder.frameLimit * 2 + 64 else { return nil }
        self.feed.bytes.removeAll(keepingCapacity: true)
        self.feed.bytes += Self.header
        self.feed.bytes += frame
        self.feed.position = 0
        self.feed.samples.removeAll(keepingCapacity: true)
        self.feed.isDamaged = false
        guard FLAC__stream_decoder_reset(self.decoder) != 0,
            FLAC__stream_decoder_process_until_end_of_stream(self.decoder) != 0,
            !self.feed.isDamaged, !self.feed.samples.isEmpty
        else { return nil }
        return self.feed.samples
    }
}

extension FLACFrameDecoder {
    private static func read(
        _ buffer: UnsafeMutablePointer<FLAC__byte>?,
        _ count: UnsafeMutablePointer<Int>?,
        _ client: UnsafeMutableRawPointer?
    ) -> FLAC__StreamDecoderReadStatus {
        guard let buffer, let count, let client else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        let feed = Unmanaged<Feed>.fromOpaque(client).takeUnretainedValue()
        let given = min(count.pointee, feed.bytes.count - feed.position)
        count.pointee = given
        guard given > 0 else { return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM }
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
        guard header.channels == 1, header.sample_rate == UInt32(SamplePosition.rate), header.bits_per_sample == 16,
            Int(header.blocksize) <= FLACFrameEncoder.frameLimit, feed.samples.isEmpty
        else {
            feed.isDamaged = true
            return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
        }
        for index in 0..<Int(header.blocksize) { feed.samples.append(Int16(truncatingIfNeeded: samples[index])) }
        return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
    }
}
