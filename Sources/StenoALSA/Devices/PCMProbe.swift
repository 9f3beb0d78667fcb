import CALSA
import StenoCore

/// Asks a PCM what it can deliver, without starting it.
enum PCMProbe {
    enum Answer: Hashable, Sendable {
        case abilities(PCMAbilities)
        /// It is there and cannot be asked now.
        case trouble(DeviceTrouble)
    }

    /// Those that are read, the smallest first.
    private static let formats: [snd_pcm_format_t] = [
        SND_PCM_FORMAT_U8, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S32_LE,
        SND_PCM_FORMAT_FLOAT_LE,
    ]
    private static let rates: [UInt32] = [
        8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
    ]
    /// A converter would promise thousands.
    private static let mostChannels: UInt32 = 32

    static func ask(_ name: String) -> Answer {
        ALSALog.take()
        var handle: OpaquePointer?
        let result = snd_pcm_open(&handle, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
        guard result == 0, let handle else { return .trouble(ALSAResult.trouble(result)) }
        defer { snd_pcm_close(handle) }
        var parameters: OpaquePointer?
        guard snd_pcm_hw_params_malloc(&parameters) == 0, let parameters else { return .trouble(.failing) }
        defer { snd_pcm_hw_params_free(parameters) }
        guard snd_pcm_hw_params_any(handle, parameters) >= 0 else { return .trouble(.unusable) }
        // What it does by itself, as capture will ask for it.
        _ = snd_pcm_hw_params_set_rate_resample(handle, parameters, 0)
        return .abilities(
            PCMAbilities(
                formats: Self.formats.filter { snd_pcm_hw_params_test_format(handle, parameters, $0) == 0 }
                    .compactMap { snd_pcm_format_name($0).map { String(cString: $0) } },
                rates: Self.rates.filter { snd_pcm_hw_params_test_rate(handle, parameters, $0, 0) == 0 }.map(Int.init),
                channels: (1...Self.mostChannels)
                    .filter { snd_pcm_hw_params_test_channels(handle, parameters, $0) == 0 }.map(Int.init)
            )
        )
    }
}
