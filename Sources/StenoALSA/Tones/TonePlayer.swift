import CALSA
import Glibc

/// Plays samples on an ALSA device, waiting for no longer than a deadline.
struct TonePlayer {
    /// Any card can do it, with or without conversion.
    private static let rate: UInt32 = 48_000
    /// Microseconds: the whole tone fits, so it is handed over at once and cannot stutter.
    private static let latency: UInt32 = 600_000

    /// What failed, with the code that ALSA gave.
    struct Failure: Error {
        let call: StaticString
        let code: Int32
    }

    let device: String
    /// In nanoseconds of the monotonic clock.
    let deadline: Int64

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    func play(_ tone: Tone) throws(Failure) {
        ALSALog.take()
        var handle: OpaquePointer?
        let result = snd_pcm_open(&handle, self.device, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK)
        guard result == 0, let handle else { throw Failure(call: "snd_pcm_open", code: result) }
        defer {
            snd_pcm_drop(handle)
            snd_pcm_close(handle)
        }
        let channels = try Self.prepare(handle)
        // Whoever waited for this tone has begun to record.
        guard Self.now() < self.deadline else { return }
        try Self.write(tone, channels: channels, to: handle)
        let started = snd_pcm_start(handle)
        guard started == 0 || started == -EBADFD else { throw Failure(call: "snd_pcm_start", code: started) }
        self.waitForEnd(of: handle)
    }

    /// Mono where the device takes it, else stereo.
    private static func prepare(_ handle: OpaquePointer) throws(Failure) -> Int {
        var result: Int32 = 0
        for channels in [1, 2] as [UInt32] {
            result = snd_pcm_set_params(
                handle,
                SND_PCM_FORMAT_S16_LE,
                SND_PCM_ACCESS_RW_INTERLEAVED,
                channels,
                Self.rate,
                1,
                Self.latency
            )
            if result == 0 { return Int(channels) }
        }
        throw Failure(call: "snd_pcm_set_params", code: result)
    }

    private static func write(_ tone: Tone, channels: Int, to handle: OpaquePointer) throws(Failure) {
        let samples = tone.samples(rate: Int(Self.rate)).flatMap { [Int16](repeating: $0, count: channels) }
        let frames = snd_pcm_uframes_t(samples.count / channels)
        // A smaller buffer than asked for plays the beginning, which is enough of a tone.
        let written = snd_pcm_writei(handle, samples, frames)
        guard written > 0 else { throw Failure(call: "snd_pcm_writei", code: Int32(clamping: written)) }
    }

    /// A device tells how much it has yet to play; having played it all is an underrun to it.
    private func waitForEnd(of handle: OpaquePointer) {
        while snd_pcm_state(handle) == SND_PCM_STATE_RUNNING {
            var delay: snd_pcm_sframes_t = 0
            guard snd_pcm_delay(handle, &delay) == 0, delay > 0 else { return }
            let left = self.deadline - Self.now()
            guard left > 0 else { return }
            // At least a period's worth, so that a delay which counts in large steps is not asked for in a hurry.
            let rest = max(5_000_000, Int64(clamping: delay) &* 1_000_000_000 / Int64(Self.rate))
            var pause = timespec(tv_sec: 0, tv_nsec: Int(min(rest, left, 999_999_999)))
            nanosleep(&pause, nil)
        }
    }
}
