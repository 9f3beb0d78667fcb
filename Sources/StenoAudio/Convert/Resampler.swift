import CSoxr
import StenoCore

/// Resamples one channel to 16 kHz with soxr at high quality, in pieces. soxr takes its own delay out, so the first
/// sample out belongs to the first sample in.
final class Resampler {
    private let state: soxr_t

    /// - Throws: when soxr has no memory for it.
    init(from rate: Int, path: String) throws(AudioError) {
        var error: soxr_error_t?
        var formats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        let state = soxr_create(Double(rate), Double(SamplePosition.rate), 1, &error, &formats, &quality, nil)
        guard let state, error == nil else {
            soxr_delete(state)
            throw AudioError(
                .impossibleFormat(rate: rate, channels: 1),
                path: path,
                cause: "soxr_create: \(error.map { String(cString: $0) } ?? "nil")"
            )
        }
        self.state = state
    }

    deinit {
        soxr_delete(self.state)
    }

    /// Takes from the front of `input` and puts what it has into `output`; either may end up partly used.
    func process(
        _ input: UnsafeBufferPointer<Float>,
        into output: UnsafeMutableBufferPointer<Float>
    ) -> (consumed: Int, produced: Int) {
        var (consumed, produced) = (0, 0)
        soxr_process(
            self.state,
            input.baseAddress,
            input.count,
            &consumed,
            output.baseAddress,
            output.count,
            &produced
        )
        return (consumed, produced)
    }

    /// After the last input: puts what is left into `output` and returns how much; 0 when nothing is.
    func flush(into output: UnsafeMutableBufferPointer<Float>) -> Int {
        var produced = 0
        soxr_process(self.state, nil, 0, nil, output.baseAddress, output.count, &produced)
        return produced
    }

    /// Forgets what it heard; the next sample in is the first again.
    func reset() {
        soxr_clear(self.state)
    }
}
