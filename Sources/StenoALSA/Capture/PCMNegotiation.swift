import CALSA
import Glibc
import StenoAudio
import StenoCore

/// Agrees with a device on what it delivers. It is asked for what it can do by itself; converting is ours, because a
/// converter of libasound in between hides overruns and takes the time of the capture thread in its own way.
struct PCMNegotiation {
    /// Asked for; what is given is taken. A second of buffer outlasts any scheduler.
    private static let periodTime: UInt32 = 20_000
    private static let bufferTime: UInt32 = 1_000_000
    /// In the order in which they are wanted: 16 bits are what is kept in the end.
    private static let formats: [(snd_pcm_format_t, NativeFormat.Encoding)] = [
        (SND_PCM_FORMAT_S16_LE, .signed16), (SND_PCM_FORMAT_S32_LE, .signed32),
        (SND_PCM_FORMAT_S24_3LE, .signed24Packed), (SND_PCM_FORMAT_FLOAT_LE, .float32), (SND_PCM_FORMAT_U8, .unsigned8),
    ]
    private static let rates: [UInt32] = [
        16_000, 48_000, 32_000, 44_100, 96_000, 88_200, 24_000, 22_050, 192_000, 8_000,
    ]
    /// More than any interface that speech is recorded with.
    private static let mostChannels: UInt32 = 64

    private let handle: OpaquePointer
    private let device: String
    private let pcm: String

    init(_ handle: OpaquePointer, device: String, pcm: String) {
        self.handle = handle
        self.device = device
        self.pcm = pcm
    }

    func agree(_ channel: ChannelChoice) throws(CaptureError) -> CaptureFormat {
        var allocated: OpaquePointer?
        guard snd_pcm_hw_params_malloc(&allocated) == 0, let parameters = allocated else {
            throw CaptureError(.noResources, device: self.device)
        }
        defer { snd_pcm_hw_params_free(parameters) }
        try self.check("snd_pcm_hw_params_any", snd_pcm_hw_params_any(self.handle, parameters))
        _ = snd_pcm_hw_params_set_rate_resample(self.handle, parameters, 0)
        try self.check(
            "access",
            snd_pcm_hw_params_set_access(self.handle, parameters, SND_PCM_ACCESS_RW_INTERLEAVED)
        )
        let encoding = try self.agreeOnEncoding(parameters)
        let channels = try self.agreeOnChannels(parameters, channel)
        let rate = try self.agreeOnRate(parameters)
        self.askForTimes(parameters)
        try self.check("snd_pcm_hw_params", snd_pcm_hw_params(self.handle, parameters))
        let (period, buffer) = try self.sizes(parameters, rate: rate)
        try self.setWakeUp(period: period)
        return CaptureFormat(
            native: NativeFormat(encoding, rate: rate, channels: channels),
            periodFrames: period,
            bufferFrames: buffer
        )
    }

    private func agreeOnEncoding(_ parameters: OpaquePointer) throws(CaptureError) -> NativeFormat.Encoding {
        for (format, encoding) in Self.formats
        where snd_pcm_hw_params_set_format(self.handle, parameters, format) == 0 {
            return encoding
        }
        throw CaptureError(.unusable, device: self.device, cause: "no format that is read")
    }

    /// One channel where the device has it: what a mixer of libasound would make of two is not ours to choose.
    private func agreeOnChannels(_ parameters: OpaquePointer, _ choice: ChannelChoice) throws(CaptureError) -> Int {
        let first: UInt32 =
            switch choice {
            case .mix: 1
            case .one(let number): UInt32(clamping: max(1, number))
            }
        for count in first...max(first, Self.mostChannels)
        where snd_pcm_hw_params_set_channels(self.handle, parameters, count) == 0 {
            return Int(count)
        }
        var most: UInt32 = 0
        snd_pcm_hw_params_get_channels_max(parameters, &most)
        guard case .one(let number) = choice, most > 0 else {
            throw CaptureError(.unusable, device: self.device, cause: "no number of channels that is read")
        }
        throw CaptureError(.noChannel(number, of: Int(most)), device: self.device)
    }

    private func agreeOnRate(_ parameters: OpaquePointer) throws(CaptureError) -> Int {
        for rate in Self.rates where snd_pcm_hw_params_set_rate(self.handle, parameters, rate, 0) == 0 {
            return Int(rate)
        }
        var rate: UInt32 = 48_000
        try self.check("rate", snd_pcm_hw_params_set_rate_near(self.handle, parameters, &rate, nil))
        guard (1_000...768_000).contains(rate) else {
            throw CaptureError(.unusable, device: self.device, cause: "rate \(rate)")
        }
        return Int(rate)
    }

    /// A device that does not want these gives what it likes.
    private func askForTimes(_ parameters: OpaquePointer) {
        var period = Self.periodTime
        _ = snd_pcm_hw_params_set_period_time_near(self.handle, parameters, &period, nil)
        var buffer = Self.bufferTime
        _ = snd_pcm_hw_params_set_buffer_time_near(self.handle, parameters, &buffer, nil)
    }

    private func sizes(_ parameters: OpaquePointer, rate: Int) throws(CaptureError) -> (period: Int, buffer: Int) {
        var period: snd_pcm_uframes_t = 0
        var buffer: snd_pcm_uframes_t = 0
        try self.check("period", snd_pcm_hw_params_get_period_size(parameters, &period, nil))
        try self.check("buffer", snd_pcm_hw_params_get_buffer_size(parameters, &buffer))
        // A minute at most: beyond, it is no number of a sound card.
        guard (1...UInt(rate * 60)).contains(period), (period...UInt(rate * 60)).contains(buffer) else {
            throw CaptureError(.unusable, device: self.device, cause: "period \(period), buffer \(buffer)")
        }
        return (Int(period), Int(buffer))
    }

    private func setWakeUp(period: Int) throws(CaptureError) {
        var allocated: OpaquePointer?
        guard snd_pcm_sw_params_malloc(&allocated) == 0, let parameters = allocated else {
            throw CaptureError(.noResources, device: self.device)
        }
        defer { snd_pcm_sw_params_free(parameters) }
        try self.check("snd_pcm_sw_params_current", snd_pcm_sw_params_current(self.handle, parameters))
        _ = snd_pcm_sw_params_set_avail_min(self.handle, parameters, snd_pcm_uframes_t(period))
        // It is started by us, never by a read.
        _ = snd_pcm_sw_params_set_start_threshold(self.handle, parameters, snd_pcm_uframes_t(Int32.max))
        try self.check("snd_pcm_sw_params", snd_pcm_sw_params(self.handle, parameters))
    }

    private func check(_ call: String, _ result: Int32) throws(CaptureError) {
        guard result < 0 else { return }
        let trouble = ALSAResult.trouble(result)
        throw ALSAResult.error(trouble, device: self.device, pcm: self.pcm, cause: "\(call): \(result)")
    }
}
