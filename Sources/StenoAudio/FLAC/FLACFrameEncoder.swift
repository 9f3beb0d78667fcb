@preconcurrency import CFLAC
import StenoCore

/// Encodes pieces of 16 kHz mono 16-bit audio, each into one FLAC frame that can be decoded by itself: the form in which
/// a recording keeps its audio. The frame carries its own checksum; the stream header, which never changes, is left out.
///
/// Compression level 0: on speech the file is 5 % larger than with level 5, for half the processor time.
///
/// Not `Sendable`: one thread owns it.
package final class FLACFrameEncoder {
    /// The longest piece, 250 ms.
    package static let frameLimit = 4_000

    /// Collects what libFLAC writes.
    private final class Output {
        var bytes: [UInt8] = []
    }

    private let encoder: UnsafeMutablePointer<FLAC__StreamEncoder>
    private let output = Output()
    private let block = Scratch<FLAC__int32>(count: frameLimit, filledWith: 0)

    /// - Throws: when libFLAC has no memory for it.
    package init() throws(AudioError) {
        guard let encoder = FLAC__stream_encoder_new() else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_encoder_new")
        }
        self.encoder = encoder
        self.output.bytes.reserveCapacity(Self.frameLimit * 2 + 64)
    }

    deinit { FLAC__stream_encoder_delete(self.encoder) }

    /// Returns the one frame that `samples` become.
    ///
    /// - Parameter samples: 1 to `frameLimit` of them.
    /// - Throws: when libFLAC has no memory for it.
    package func encode(_ samples: UnsafeBufferPointer<Int16>) throws(AudioError) -> [UInt8] {
        precondition((1...Self.frameLimit).contains(samples.count), "one frame has 1 to 4,000 samples")
        try self.begin()
        for (index, sample) in samples.enumerated() { self.block.buffer[index] = FLAC__int32(sample) }
        let isTaken = FLAC__stream_encoder_process_interleaved(
            self.encoder,
            self.block.buffer.baseAddress,
            UInt32(samples.count)
        )
        // libFLAC holds one sample back until the stream ends, so each frame is a stream of its own.
        let isEnded = FLAC__stream_encoder_finish(self.encoder)
        guard isTaken != 0, isEnded != 0, !self.output.bytes.isEmpty else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_encoder_process_interleaved")
        }
        return self.output.bytes
    }

    /// Ending a stream sets the encoder back to its defaults, so everything is said again.
    private func begin() throws(AudioError) {
        self.output.bytes.removeAll(keepingCapacity: true)
        FLAC__stream_encoder_set_channels(self.encoder, 1)
        FLAC__stream_encoder_set_bits_per_sample(self.encoder, 16)
        FLAC__stream_encoder_set_sample_rate(self.encoder, UInt32(SamplePosition.rate))
        FLAC__stream_encoder_set_compression_level(self.encoder, 0)
        FLAC__stream_encoder_set_blocksize(self.encoder, UInt32(Self.frameLimit))
        let status = FLAC__stream_encoder_init_stream(
            self.encoder,
            { _, bytes, count, samples, _, context in
                guard let bytes, let context else { return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR }
                // What comes with no samples is the header.
                guard samples > 0 else { return FLAC__STREAM_ENCODER_WRITE_STATUS_OK }
                let output = Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
            },
            nil,
            nil,
            nil,
            // Lives as long as the encoder, which is deleted before this object lets go of it.
            Unmanaged.passUnretained(self.output).toOpaque()
        )
        guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_encoder_init_stream: \(status.rawValue)")
        }
    }
}
