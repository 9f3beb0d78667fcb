import StenoCore
import StenoTesting
import Testing

@Suite("Upload plan")
struct UploadPlanTests {
    private static let rate = Int64(SamplePosition.rate)
    private static let limits = UploadPlan.Limits(bytes: 25_000_000, longest: .seconds(3_600))

    private static func plan(
        seconds: Int64,
        format: UploadPlan.Format? = nil,
        splits: Bool = true,
        limits: UploadPlan.Limits = Self.limits,
        speech: [AudioSpan] = []
    ) throws -> UploadPlan {
        let end = SamplePosition(frames: seconds * Self.rate)
        return try UploadPlan(end: end, format: format, splits: splits, limits: limits) { speech }
    }

    @Test("A recording goes as WAV while that fits, as MP3 up to the hour, and beyond that in parts")
    func choice() throws {
        for (seconds, format, count) in [
            (1, .wav, 1), (781, .wav, 1), (782, .mp3, 1), (3_600, .mp3, 1), (3_601, .mp3, 2), (4 * 3_600, .mp3, 4),
        ] as [(Int64, UploadPlan.Format, Int)] {
            let parts = try Self.plan(seconds: seconds).parts
            #expect(parts.map(\.format) == Array(repeating: format, count: count), "\(seconds) s")
            #expect(parts.map(\.number) == Array(1...count))
            #expect(parts.first?.label == (count == 1 ? nil : "1/\(count)"))
        }
    }

    @Test("A format that was chosen is kept to, and is cut by its size as well")
    func chosen() throws {
        #expect(try Self.plan(seconds: 900, format: .mp3).parts.count == 1)
        #expect(try Self.plan(seconds: 900, format: .wav).parts.map(\.format) == [.wav, .wav])
        #expect(try Self.plan(seconds: 700, format: .flac).parts.map(\.format) == [.flac])
    }

    @Test("Parts are cut in the long pause nearest to equal shares")
    func pauses() throws {
        // Speech all the time, with a pause at 50 min and one at 70 min.
        let speech = [(0, 3_000), (3_001, 3_590), (3_590, 4_200), (4_202, 7_000)].map { range in
            AudioSpan(Int64(range.0) * Self.rate..<Int64(range.1) * Self.rate)
        }
        let ends = try Self.plan(seconds: 7_000, speech: speech).parts.map(\.span.end.frames)
        #expect(
            ends == [3_000 * Self.rate + Self.rate * 3 / 4, 4_200 * Self.rate + Self.rate * 7 / 4, 7_000 * Self.rate]
        )
    }

    @Test("Speech is only looked for when something must be cut")
    func lazy() throws {
        struct Asked: Error {}
        let end = SamplePosition(frames: 600 * Self.rate)
        let plan = try UploadPlan(end: end, format: nil, splits: true, limits: Self.limits) { throw Asked() }
        #expect(plan.parts.count == 1)
        #expect(throws: Asked.self) {
            try UploadPlan(end: .init(frames: 4_000 * Self.rate), format: nil, splits: true, limits: Self.limits) {
                throw Asked()
            }
        }
    }

    @Test("What is not to be split, has no sound or cannot be made to fit is refused with the reason")
    func refusals() {
        let small = UploadPlan.Limits(bytes: 100_000, longest: .seconds(15))
        #expect(throws: UploadPlan.Refusal.tooLong(longest: 3_600 * Self.rate)) {
            try Self.plan(seconds: 3_601, splits: false)
        }
        #expect(throws: UploadPlan.Refusal.empty) { try Self.plan(seconds: 0) }
        #expect(throws: UploadPlan.Refusal.limitTooLow) { try Self.plan(seconds: 60, limits: small) }
        #expect(throws: UploadPlan.Refusal.tooManyParts) { try Self.plan(seconds: 900_000) }
    }

    @Test("Whatever was said, every sample is in one part, no part is too long, and cuts lie in pauses")
    func adversary() throws {
        for seed in UInt64(0)..<400 { try Self.world(seed) }
    }

    private static func world(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let longest = Int64.random(in: 20...600, using: &random)
        let limits = UploadPlan.Limits(
            bytes: Int64.random(in: 700_000...20_000_000, using: &random),
            longest: .seconds(longest)
        )
        let end = SamplePosition(frames: Int64.random(in: 1...(longest * 40 * Self.rate), using: &random))
        var speech: [AudioSpan] = []
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            let start = Int64.random(in: -Self.rate...(end.frames + Self.rate), using: &random)
            let length = Int64.random(in: 0...(60 * Self.rate), using: &random)
            speech.append(AudioSpan(start..<(start + length)))
        }
        let isChosen = Bool.random(using: &random)
        let format = isChosen ? UploadPlan.Format.allCases.randomElement(using: &random) : nil
        let make = { try UploadPlan(end: end, format: format, splits: true, limits: limits) { speech } }
        let plan: UploadPlan
        do {
            plan = try make()
        } catch let refusal as UploadPlan.Refusal {
            #expect(refusal == .tooManyParts || refusal == .limitTooLow, "seed \(seed)")
            return
        }
        #expect(try make() == plan, "seed \(seed)")
        var position = SamplePosition.zero
        for part in plan.parts {
            #expect(part.span.start == position && !part.span.isEmpty, "seed \(seed)")
            #expect(part.span.frames <= longest * Self.rate, "seed \(seed)")
            if part.format == .wav { #expect(part.span.frames * 2 + 44 <= limits.bytes, "seed \(seed)") }
            if plan.parts.count > 1 { #expect(part.span.frames >= UploadPlan.shortestPart, "seed \(seed)") }
            position = part.span.end
        }
        #expect(position == end, "seed \(seed)")
        for (part, next) in zip(plan.parts, plan.parts.dropFirst()) {
            let isSpoken = speech.contains { $0.contains(part.span.end) && $0.contains(part.span.end - 1) }
            guard isSpoken else { continue }
            #expect(Self.isSpokenThroughout(part.span, next.span, speech, limits, plan.parts, end), "seed \(seed)")
        }
    }

    /// Whether there was no sample outside of speech where the part could have been cut.
    private static func isSpokenThroughout(
        _ part: AudioSpan,
        _ next: AudioSpan,
        _ speech: [AudioSpan],
        _ limits: UploadPlan.Limits,
        _ parts: [UploadPlan.Part],
        _ end: SamplePosition
    ) -> Bool {
        let longest = parts.map(\.span.frames).max() ?? 0
        var heard = part.start + UploadPlan.shortestPart
        let last = min(part.start + longest, end - UploadPlan.shortestPart)
        for span in speech.sorted(by: { $0.start < $1.start }) where span.end > heard {
            guard span.start <= heard else { break }
            heard = span.end
        }
        return heard >= last
    }
}
