import CSndfile

/// Writes the kinds of files that only libsndfile reads, so that tests need no fixtures of theirs.
package enum SoundFile {
    package enum Kind: String, CaseIterable, Sendable {
        case flac, flac24, aiff, au, caf, vorbis, opus, mp3, imaADPCM, msADPCM

        var format: Int {
            switch self {
            case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
            case .flac24: SF_FORMAT_FLAC | SF_FORMAT_PCM_24
            case .aiff: SF_FORMAT_AIFF | SF_FORMAT_PCM_16
            case .au: SF_FORMAT_AU | SF_FORMAT_PCM_16
            case .caf: SF_FORMAT_CAF | SF_FORMAT_PCM_16
            case .vorbis: SF_FORMAT_OGG | SF_FORMAT_VORBIS
            case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
            case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
            case .imaADPCM: SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM
            case .msADPCM: SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM
            }
        }

        /// What comes out is bit for bit what went in.
        package var isLossless: Bool {
            switch self {
            case .flac, .flac24, .aiff, .au, .caf: true
            case .vorbis, .opus, .mp3, .imaADPCM, .msADPCM: false
            }
        }
    }

    /// Writes interleaved `samples`.
    ///
    /// - Precondition: the kind can have this rate and channel count, and there is room on the disk.
    package static func write(
        _ samples: [Int16],
        as kind: Kind,
        rate: Int = 16_000,
        channels: Int = 1,
        to path: String
    ) {
        var info = SF_INFO()
        info.samplerate = Int32(rate)
        info.channels = Int32(channels)
        info.format = Int32(kind.format)
        guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
            preconditionFailure("cannot write \(kind) at \(rate) Hz: \(sf_error(nil))")
        }
        let count = sf_writef_short(file, samples, sf_count_t(samples.count / channels))
        precondition(sf_close(file) == 0 && count == samples.count / channels, "cannot write \(kind)")
    }
}
