import StenoCore

/// How long audio of another rate is on the timeline.
package enum TimelineLength {
    /// `frames` at `rate` Hz in frames of 16 kHz: `frames × 16,000 / rate`, rounded to nearest, halves up. Conversion
    /// gives exactly this many. Saturates, because both may come from a header.
    package static func frames(_ frames: Int64, atRate rate: Int) -> Int64 {
        guard frames > 0, rate > 0 else { return 0 }
        let timelineRate = Int64(SamplePosition.rate)
        let (seconds, rest) = frames.quotientAndRemainder(dividingBy: Int64(rate))
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: timelineRate)
        guard !overflow, rate <= Int32.max else { return .max }
        let (sum, overflowed) = whole.addingReportingOverflow((rest * timelineRate + Int64(rate) / 2) / Int64(rate))
        return overflowed ? .max : sum
    }
}
