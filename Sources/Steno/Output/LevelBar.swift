import Glibc
package import StenoCore

/// A level meter of one line: filled as far as the sound is loud on average, dotted as far as its peaks reach.
///
///     ▁▁▁▂▂▂▃▃▃▄▄····         [########----      ]
///
/// Only exact zeros show an empty bar, so a muted microphone does not look like a quiet room.
package enum LevelBar {
    /// dB below full scale where the bar begins; what is quieter shows as one dot.
    private static let quietest = -60.0
    private static let steps: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"]

    /// The bar, always exactly `columns` wide.
    ///
    /// - Parameters:
    ///   - rms: root mean square relative to full scale, in dB; `-infinity` for exact zeros.
    ///   - peak: the highest magnitude, likewise.
    ///   - isPlain: nothing but ASCII, for terminals without UTF-8.
    package static func text(rms: Double, peak: Double, columns: Int, isPlain: Bool) -> String {
        // No terminal is wider.
        let columns = min(max(0, columns), 1_000)
        let hasFrame = isPlain && columns > 2
        let cells = hasFrame ? columns - 2 : columns
        let (filled, reached) = (Self.cells(rms, of: cells), Self.cells(max(rms, peak), of: cells))
        var bar = ""
        for cell in 0..<cells {
            if cell < filled {
                bar.append(isPlain ? "#" : Self.steps[cell * Self.steps.count / cells])
            } else {
                bar.append(cell < max(reached, peak > -.infinity ? 1 : 0) ? (isPlain ? "-" : "·") : " ")
            }
        }
        return hasFrame ? "[\(bar)]" : bar
    }

    package static func text(_ reading: LevelReading, columns: Int, isPlain: Bool) -> String {
        self.text(rms: reading.rms, peak: reading.peakLevel, columns: columns, isPlain: isPlain)
    }

    /// A level in words: `-23 dB`, or `zero`.
    package static func words(_ level: Double) -> String {
        level.isFinite ? "\(Int(min(max(level, -120), 0).rounded())) dB" : "zero"
    }

    private static func cells(_ level: Double, of cells: Int) -> Int {
        guard level > Self.quietest else { return 0 }
        return Int((min(level, 0) / -Self.quietest * Double(cells)).rounded()) + cells
    }
}

extension MicrophoneTrial {
    /// Root mean square of all that was heard, relative to full scale, in dB; `-infinity` for exact zeros.
    package var level: Double { self.energy > 0 ? 10 * log10(self.energy / (32_768 * 32_768)) : -.infinity }

    /// The peak relative to full scale, in dB; `-infinity` for exact zeros.
    package var peakLevel: Double { self.peak > 0 ? 20 * log10(Double(self.peak) / 32_768) : -.infinity }
}

extension LevelReading {
    /// Root mean square relative to full scale, in dB; `-infinity` for exact zeros and for nothing.
    package var rms: Double {
        self.frames > 0 && self.squares > 0
            ? 10 * log10(self.squares / Double(self.frames) / (32_768 * 32_768)) : -.infinity
    }

    /// The peak relative to full scale, in dB; `-infinity` for exact zeros and for nothing.
    package var peakLevel: Double { self.peak > 0 ? 20 * log10(Double(self.peak) / 32_768) : -.infinity }
}
