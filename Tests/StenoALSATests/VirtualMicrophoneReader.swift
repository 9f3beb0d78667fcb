import CALSA
import Glibc
import StenoTesting

/// The least that reads a microphone: what the tests of the test microphone see of it, with nothing in between.
final class VirtualMicrophoneReader {
    struct Refusal: Error, Equatable {
        let code: Int32
    }

    enum Reading: Equatable {
        case samples([Int16])
        case failed(Int32)
        /// Nothing to read although something woke us, or time is up.
        case nothing
    }

    let pcm: OpaquePointer
    private(set) var period: snd_pcm_uframes_t = 0
    private(set) var buffer: snd_pcm_uframes_t = 0
    private let channels: Int

    init(
        _ device: String,
        format: snd_pcm_format_t = SND_PCM_FORMAT_S16_LE,
        rate: UInt32 = 16_000,
        channels: Int = 1,
        period: Int = 320,
        buffer: Int = 16_000
    ) throws(Refusal) {
        var opened: OpaquePointer?
        let code = snd_pcm_open(&opened, device, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK))
        guard code == 0, let opened else { throw Refusal(code: code) }
        self.pcm = opened
        self.channels = channels
        try self.negotiate(format, rate, period, buffer)
        try self.check(snd_pcm_prepare(opened))
    }

    deinit {
        snd_pcm_close(self.pcm)
    }

    private func check(_ code: Int32) throws(Refusal) {
        if code < 0 { throw Refusal(code: code) }
    }

    private func negotiate(
        _ format: snd_pcm_format_t,
        _ rate: UInt32,
        _ period: Int,
        _ buffer: Int
    ) throws(Refusal) {
        var hardware: OpaquePointer?
        snd_pcm_hw_params_malloc(&hardware)
        defer { snd_pcm_hw_params_free(hardware) }
        try self.check(snd_pcm_hw_params_any(self.pcm, hardware))
        try self.check(snd_pcm_hw_params_set_access(self.pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED))
        try self.check(snd_pcm_hw_params_set_format(self.pcm, hardware, format))
        try self.check(snd_pcm_hw_params_set_channels(self.pcm, hardware, UInt32(self.channels)))
        try self.check(snd_pcm_hw_params_set_rate(self.pcm, hardware, rate, 0))
        self.period = snd_pcm_uframes_t(period)
        self.buffer = snd_pcm_uframes_t(buffer)
        try self.check(snd_pcm_hw_params_set_period_size_near(self.pcm, hardware, &self.period, nil))
        try self.check(snd_pcm_hw_params_set_buffer_size_near(self.pcm, hardware, &self.buffer))
        try self.check(snd_pcm_hw_params(self.pcm, hardware))

        var software: OpaquePointer?
        snd_pcm_sw_params_malloc(&software)
        defer { snd_pcm_sw_params_free(software) }
        try self.check(snd_pcm_sw_params_current(self.pcm, software))
        try self.check(snd_pcm_sw_params_set_avail_min(self.pcm, software, self.period))
        try self.check(snd_pcm_sw_params_set_tstamp_mode(self.pcm, software, SND_PCM_TSTAMP_ENABLE))
        try self.check(snd_pcm_sw_params_set_tstamp_type(self.pcm, software, SND_PCM_TSTAMP_TYPE_MONOTONIC))
        try self.check(snd_pcm_sw_params(self.pcm, software))
    }

    var state: snd_pcm_state_t { snd_pcm_state(self.pcm) }

    func start() throws(Refusal) {
        try self.check(snd_pcm_start(self.pcm))
    }

    func restart() throws(Refusal) {
        try self.check(snd_pcm_prepare(self.pcm))
        try self.start()
    }

    /// Waits until the microphone wants attention, for `milliseconds` at most, and says what it wants; nothing when it
    /// wants nothing.
    func wait(milliseconds: Int32 = 5_000) -> UInt16? {
        var descriptors = [pollfd](repeating: pollfd(), count: Int(snd_pcm_poll_descriptors_count(self.pcm)))
        let count = snd_pcm_poll_descriptors(self.pcm, &descriptors, UInt32(descriptors.count))
        guard count > 0, poll(&descriptors, nfds_t(count), milliseconds) > 0 else { return nil }
        var events: UInt16 = 0
        snd_pcm_poll_descriptors_revents(self.pcm, &descriptors, UInt32(count), &events)
        return events
    }

    /// One read of at most a period, without waiting. Only for 16-bit formats.
    func read(frames: Int? = nil) -> Reading {
        let frames = frames ?? Int(self.period)
        var samples = [Int16](repeating: 0, count: frames * self.channels)
        let count = snd_pcm_readi(self.pcm, &samples, snd_pcm_uframes_t(frames))
        if count == -Int(EAGAIN) { return .nothing }
        return count < 0 ? .failed(Int32(count)) : .samples(Array(samples.prefix(Int(count) * self.channels)))
    }

    /// Waits and reads until `frames` frames are there, or something goes wrong.
    func collect(frames: Int) -> (samples: [Int16], failure: Int32?) {
        var samples: [Int16] = []
        while samples.count < frames * self.channels {
            guard self.wait() != nil else { return (samples, -ETIMEDOUT) }
            switch self.read() {
            case .samples(let more): samples += more
            case .failed(let code): return (samples, code)
            case .nothing: continue
            }
        }
        return (samples, nil)
    }

    /// Position and time, which belong together: frames since the start, and nanoseconds of CLOCK_MONOTONIC. The best of
    /// some readings, because the system may do something else between the two.
    func status(read: Int, rate: Int64) -> (position: Int64, time: Int64) {
        var status: OpaquePointer?
        snd_pcm_status_malloc(&status)
        defer { snd_pcm_status_free(status) }
        var best: (position: Int64, time: Int64) = (0, .max)
        for _ in 0..<50 {
            snd_pcm_status(self.pcm, status)
            var time = timespec()
            snd_pcm_status_get_htstamp(status, &time)
            let position = Int64(read) + Int64(snd_pcm_status_get_avail(status))
            let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
            let isBetter = now - position * 1_000_000_000 / rate < best.time - best.position * 1_000_000_000 / rate
            if isBetter { best = (position, now) }
        }
        return best
    }
}
