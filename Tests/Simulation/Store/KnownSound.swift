import StenoCore

/// Samples that can be told from their position alone, so that any that is lost, repeated or moved shows: loud and
/// unsteady where something is said, nearly silent elsewhere.
enum KnownSound {
    static func samples(of span: AudioSpan, sounds: [AudioSpan]) -> [Int16] {
        var samples = [Int16](repeating: 0, count: Int(span.frames))
        for index in samples.indices { samples[index] = Self.noise(span.start + Int64(index), 12) }
        for sound in sounds where sound.overlaps(span) {
            let heard = sound.clamped(to: span)
            for frame in heard.start.frames..<heard.end.frames {
                samples[Int(frame - span.start.frames)] = Self.voice(SamplePosition(frames: frame))
            }
        }
        return samples
    }

    /// Syllables: 5 a second, each rising and falling.
    private static func voice(_ position: SamplePosition) -> Int16 {
        let phase = position.frames % 3_200
        return Self.noise(position, 600 + 5 * min(phase, 3_200 - phase))
    }

    private static func noise(_ position: SamplePosition, _ loudness: Int64) -> Int16 {
        let value = Int64(truncatingIfNeeded: SplitMix64.mix(UInt64(bitPattern: position.frames)) >> 40) - (1 << 23)
        return Int16(truncatingIfNeeded: value * loudness >> 23)
    }
}
