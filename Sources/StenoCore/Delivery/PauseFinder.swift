/// Finds the place to cut a recording: where nobody speaks.
struct PauseFinder: Hashable, Sendable {
    /// Half a second is a pause between sentences; shorter ones lie between words as well.
    static let longPause = Int64(SamplePosition.rate / 2)

    /// In order, without overlap, none empty.
    private let pauses: [AudioSpan]

    /// - Parameter speech: in any order, and as overlapping as it likes.
    init(speech: [AudioSpan], end: SamplePosition) {
        var pauses: [AudioSpan] = []
        var heard = SamplePosition.zero
        for span in speech.sorted(by: { $0.start < $1.start }) {
            let pause = AudioSpan(start: heard, end: min(span.start, end))
            if !pause.isEmpty { pauses.append(pause) }
            heard = max(heard, span.end)
        }
        let last = AudioSpan(start: heard, end: end)
        if !last.isEmpty { pauses.append(last) }
        self.pauses = pauses
    }

    /// Inside the long pause that is nearest to `target`, away from its ends, else inside the nearest pause at all, else
    /// `target` itself: as far as they lie in `window`.
    func cut(in window: AudioSpan, near target: SamplePosition) -> SamplePosition {
        let usable = self.pauses.filter { $0.start < window.end && window.start < $0.end }
        let long = usable.filter { $0.clamped(to: window).frames >= Self.longPause }
        let places = (long.isEmpty ? usable : long).map { pause in
            let inset = min(pause.frames / 2, Self.longPause / 2)
            let quiet = AudioSpan(start: pause.start + inset, end: pause.end - inset)
            let place = min(max(target, quiet.start), quiet.end)
            return min(max(place, window.start), window.end)
        }
        return places.min { abs($0 - target) < abs($1 - target) } ?? min(max(target, window.start), window.end)
    }
}
