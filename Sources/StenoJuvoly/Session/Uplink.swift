import StenoAudio

/// Turns samples into the bytes of one connection.
enum Uplink {
    case none
    case pcm
    case flac(FLACStreamEncoder)

    init(_ kind: JuvolyConfiguration.Uplink) throws {
        switch kind {
        case .pcm: self = .pcm
        case .flac: self = .flac(try FLACStreamEncoder())
        }
    }

    /// Lends `body` what the encoder still keeps: its last block is shorter than the others. Nothing may follow.
    func finish(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard case .flac(let encoder) = self else { return }
        encoder.finish().withUnsafeBytes { bytes in
            if !bytes.isEmpty { body(bytes) }
        }
    }

    /// Lends `body` the bytes that are due; it is not called when the encoder keeps them for now.
    func encode(_ samples: UnsafeBufferPointer<Int16>, _ body: (UnsafeRawBufferPointer) -> Void) {
        switch self {
        case .none:
            break
        case .pcm:
            // The wire wants little-endian, and so does every machine this is built for.
            body(UnsafeRawBufferPointer(samples))
        case .flac(let encoder):
            encoder.encode(samples).withUnsafeBytes { bytes in
                if !bytes.isEmpty { body(bytes) }
            }
        }
    }
}
