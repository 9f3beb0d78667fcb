import Glibc

/// How loud it is, as a bar: full blocks up to the mean, shaded ones up to the peak, over 60 dB.
enum LevelBar {
    /// dB below full scale at which the bar is empty: a quiet room.
    private static let range = 60.0

    /// - Parameters:
    ///   - rms: fraction of full scale, 0...1; what is no number counts as nothing.
    ///   - cells: between its brackets.
    static func text(rms: Double, peak: Double, cells: Int) -> String {
        let full = Self.cells(rms, of: cells)
        let shaded = max(full, Self.cells(peak, of: cells))
        return "[" + String(repeating: "█", count: full) + String(repeating: "░", count: shaded - full)
            + String(repeating: " ", count: cells - shaded) + "]"
    }

    private static func cells(_ value: Double, of cells: Int) -> Int {
        guard value > 0 else { return 0 }
        let fraction = 1 + 20 * log10(min(1, value)) / Self.range
        return Int((max(0, fraction) * Double(cells)).rounded())
    }
}
