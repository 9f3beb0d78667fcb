@preconcurrency import CFLAC
import StenoCore

/// Encodes 16 kHz mono 16-bit audio into one continuous FLAC stream for a slow uplink: about half the bytes.
///
/// The stream begins with its header and goes on in frames of 100 ms. libFLAC holds one sample back, so a frame comes
/// out with the first sample of the next. Nothing can be written twice into a pipe, so the header states neither length
/// nor checksum. One thread at a time.
package final class FLACStreamEncoder {
    /// 100 ms.
    package static let blockFrames = 1_600
    /// What `flac -5` does; higher levels save little on speech.
    private static let level: UInt32 = 5

    /// Collects what libFLAC writes.
    private final class Output {
        var bytes: [UInt8] = []
    }

    private let encoder: UnsafeMutablePointer<FLAC__StreamEncoder>
    private let output = Output()
    private let block = Scratch<FLAC__int32>(count: blockFrames, filledWith: 0)
    private var hasFinished = false

    /// - Throws: when libFLAC has no memory for it.
    package init() throws(AudioError) {
        guard let encoder = FLAC__stream_encoder_new() else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_encoder_new")
        }
        self.encoder = encoder
        FLAC__stream_encoder_set_channels(encoder, 1)
        FLAC__stream_encoder_set_bits_per_sample(encoder, 16)
        FLAC__stream_encoder_set_sample_rate(encoder, UInt32(SamplePosition.rate))
        FLAC__stream_encoder_set_compression_level(encoder, Self.level)
        FLAC__stream_encoder_set_blocksize(encoder, UInt32(Self.blockFrames))
        let status = FLAC__stream_encoder_init_stream(
            encoder,
            { _, bytes, count, _, _, context in
                guard let bytes, let context else { return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR }
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
        // The settings are constants, so what may be missing is memory.
        guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
            throw AudioError(.readFailed, path: "-", cause: "FLAC__stream_encoder_init_stream: \(status.rawValue)")
        }
    }

    deinit {
        FLAC__stream_encoder_delete(self.encoder)
    }

    /// Takes the next samples and returns the bytes that are ready: the header first, then whole frames, often nothing.
    ///
    /// - Precondition: `finish` was not called.
    package func encode(_ samples: UnsafeBufferPointer<Int16>) -> [UInt8] {
        precondition(!self.hasFinished, "encoded into a finished stream")
        var rest = samples[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.blockFrames)
            for (index, sample) in piece.enumerated() { self.block.buffer[index] = FLAC__int32(sample) }
            let isTaken = FLAC__stream_encoder_process_interleaved(
                self.encoder,
                self.block.buffer.baseAddress,
                UInt32(piece.count)
            )
            precondition(isTaken != 0, "libFLAC has no memory")
            rest = rest.dropFirst(piece.count)
        }
        return self.take()
    }

    /// No more samples will come: returns the last bytes. Later calls return nothing.
    package func finish() -> [UInt8] {
        if !self.hasFinished { FLAC__stream_encoder_finish(self.encoder) }
        self.hasFinished = true
        return self.take()
    }

    private func take() -> [UInt8] {
        defer { self.output.bytes.removeAll() }
        return self.output.bytes
    }
}
