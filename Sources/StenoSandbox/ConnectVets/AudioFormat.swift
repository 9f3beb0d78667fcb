/// Which kind of audio a file holds, told by its first bytes.
enum AudioFormat: String, Hashable, Sendable {
    case wav = "WAV"
    case mp3 = "MP3"
    case m4a = "M4A"
    case flac = "FLAC"
    case ogg = "OGG"
    case webm = "WebM"

    init?(_ bytes: [UInt8]) {
        if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WAVE".utf8)) {
            self = .wav
        } else if bytes.starts(with: Array("fLaC".utf8)) {
            self = .flac
        } else if bytes.starts(with: Array("OggS".utf8)) {
            self = .ogg
        } else if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webm
        } else if bytes.dropFirst(4).starts(with: Array("ftyp".utf8)) {
            self = .m4a
        } else if bytes.starts(with: Array("ID3".utf8))
            || bytes.count > 1 && bytes[0] == 0xFF && bytes[1] & 0xE0 == 0xE0
        {
            self = .mp3
        } else {
            return nil
        }
    }

    /// Media types that a client may name for the format.
    var mediaTypes: Set<String> {
        switch self {
        case .wav: ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]
        case .mp3: ["audio/mpeg", "audio/mp3"]
        case .m4a: ["audio/mp4", "audio/m4a", "audio/x-m4a"]
        case .flac: ["audio/flac", "audio/x-flac"]
        case .ogg: ["audio/ogg", "application/ogg"]
        case .webm: ["audio/webm", "video/webm"]
        }
    }

    /// Length in seconds as the file's head tells it; `nil` where that takes more than the head.
    ///
    /// - Parameter size: bytes of the whole file.
    func seconds(head: [UInt8], size: Int) -> Double? {
        switch self {
        case .wav:
            guard var wave = WaveHeader(head[...]), wave.data.lowerBound <= size else { return nil }
            // Recorders that could not seek back leave a length of zero or of all ones.
            if wave.data.upperBound > size || wave.data.isEmpty { wave.data = wave.data.lowerBound..<size }
            return wave.seconds
        case .flac:
            return Self.flacSeconds(head)
        case .mp3, .m4a, .ogg, .webm:
            return nil
        }
    }

    /// From STREAMINFO, the first block: 20 bits of rate, 3 of channels, 5 of width, 36 of total samples.
    private static func flacSeconds(_ head: [UInt8]) -> Double? {
        guard head.count >= 26, head[4] & 0x7F == 0 else { return nil }
        let rate = Int(head[18]) << 12 | Int(head[19]) << 4 | Int(head[20]) >> 4
        let samples = head[22..<26].reduce(Int(head[21] & 0x0F)) { $0 << 8 | Int($1) }
        return rate > 0 && samples > 0 ? Double(samples) / Double(rate) : nil
    }
}
