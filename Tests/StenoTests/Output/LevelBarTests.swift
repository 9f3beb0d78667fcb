import Steno
import StenoCore
import Testing

@Suite("Level bar")
struct LevelBarTests {
    @Test(
        "It is filled as far as the sound is loud on average, and dotted as far as its peaks reach",
        arguments: [
            (-Double.infinity, -Double.infinity, "              ", "[            ]"),
            (-80, -75, "·             ", "[-           ]"),
            (-30, -30, "▁▁▂▂▃▃▄       ", "[######      ]"),
            (-30, -15, "▁▁▂▂▃▃▄···    ", "[######---   ]"),
            (0, 0, "▁▁▂▂▃▃▄▄▅▅▆▆▇▇", "[############]"),
        ]
    )
    func shape(rms: Double, peak: Double, drawn: String, plain: String) {
        #expect(LevelBar.text(rms: rms, peak: peak, columns: 14, isPlain: false) == drawn)
        #expect(LevelBar.text(rms: rms, peak: peak, columns: 14, isPlain: true) == plain)
    }

    @Test("It is exactly as wide as asked for, whatever the level", arguments: [true, false])
    func width(isPlain: Bool) {
        let levels = [-Double.infinity, .infinity, .nan, -200, -59.9, -0.1, 3, 1e300]
        for columns in [0, 1, 2, 3, 7, 80, 999] {
            for rms in levels {
                for peak in levels {
                    let bar = LevelBar.text(rms: rms, peak: peak, columns: columns, isPlain: isPlain)
                    #expect(DisplayWidth.columns(of: bar) == columns, "\(rms) \(peak)")
                }
            }
        }
        #expect(LevelBar.text(rms: -20, peak: -20, columns: -5, isPlain: isPlain).isEmpty)
        #expect(LevelBar.text(rms: -20, peak: -20, columns: .max, isPlain: isPlain).count == 1_000)
    }

    @Test("A reading shows its own level, and exact zeros show nothing")
    func reading() {
        var reading = LevelReading(
            start: .zero,
            frames: 1_600,
            peak: 3_277,
            squares: 1_600 * 1_036 * 1_036,
            sum: 0,
            clippedFrames: 0,
            trailingZeros: 0
        )
        #expect(LevelBar.words(reading.rms) == "-30 dB")
        #expect(LevelBar.words(reading.peakLevel) == "-20 dB")
        #expect(LevelBar.text(reading, columns: 12, isPlain: true) == "[#####--   ]")
        (reading.peak, reading.squares) = (0, 0)
        #expect(LevelBar.words(reading.rms) == "zero")
        #expect(LevelBar.text(reading, columns: 4, isPlain: true) == "[  ]")
    }
}
