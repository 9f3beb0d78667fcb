/// A length of time as a clock shows it, for people: `01:20`, `1:02:03`.
package enum ClockText {
    /// Seconds; what is longer than 99 hours or no number shows as the nearest that can be shown.
    package static func text(_ seconds: Double) -> String {
        let whole = seconds.isNaN ? 0 : Int(max(0, min(seconds, 359_999)).rounded())
        let text = [whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return whole >= 3_600 ? "\(whole / 3_600):\(text)" : text
    }
}
