import Glibc

/// A short sound that tells a person who does not look at the screen that a recording begins or has ended.
package struct Tone: Hashable, Sendable {
    /// Longer ones are cut: whoever waits for a tone wants to speak.
    private static let longest = 0.5
    /// Seconds over which it comes and goes, so that it does not click.
    private static let fade = 0.01
    /// -12 dB below full scale: heard across a room, and no fright in headphones.
    private static let amplitude = 8_231.0

    /// Hz.
    package var frequency: Double
    /// Seconds.
    package var length: Double

    package init(frequency: Double, length: Double = 0.12) {
        self.frequency = frequency
        self.length = length
    }

    /// High, as something that opens.
    package static let begin = Tone(frequency: 880)
    /// Lower, as something that closes.
    package static let end = Tone(frequency: 587)

    /// The tone as samples of `rate` Hz, mono.
    func samples(rate: Int) -> [Int16] {
        let rate = Double(max(1, rate))
        let length = self.length > 0 ? min(self.length, Self.longest) : 0
        let count = Int(length * rate)
        return (0..<count).map { index in
            let time = Double(index) / rate
            let edge = min(1, min(time, length - time) / Self.fade)
            // Half a cosine: a straight edge still clicks.
            let loudness = 0.5 - 0.5 * cos(.pi * edge)
            return Int16(Self.amplitude * loudness * sin(2 * .pi * self.frequency * time))
        }
    }
}
