import StenoCore
import Testing

@testable import StenoSandbox

@Suite("Finding audio by content")
struct AudioMatcherTests {
    /// Five seconds of noise with a second of digital silence in the middle.
    private static let audio: ScriptedAudio = {
        var samples = noise(frames: 80_000, seed: 1)
        for index in 32_000..<48_000 { samples[index] = 0 }
        return ScriptedAudio(samples: samples)
    }()

    private func feed(_ matcher: inout AudioMatcher, _ samples: ArraySlice<Int16>, pieces: Int) {
        var rest = samples
        while !rest.isEmpty {
            matcher.accept(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
    }

    @Test("Audio from any place on is found, to the sample, in pieces of any size")
    func anyPlace() {
        for (start, pieces) in [(0, 1_600), (1, 320), (777, 1), (12_345, 16_000), (30_000, 999), (50_001, 80_000)] {
            var matcher = AudioMatcher(Self.audio)
            self.feed(&matcher, Self.audio.samples[start...], pieces: pieces)
            #expect(matcher.heard == [start..<80_000], "from \(start) in pieces of \(pieces)")
            #expect(matcher.shift == start)
        }
    }

    @Test("What comes before the audio, and the silence behind it, do not hide it")
    func surroundings() {
        var matcher = AudioMatcher(Self.audio)
        self.feed(&matcher, noise(frames: 5_000, seed: 2)[...], pieces: 700)
        #expect(matcher.heard == [])
        self.feed(&matcher, Self.audio.samples[...], pieces: 700)
        self.feed(&matcher, [Int16](repeating: 0, count: 8_000)[...], pieces: 700)
        #expect(matcher.heard == [0..<88_000])
        #expect(matcher.shift == -5_000)
    }

    @Test("Audio that is left out counts as not heard")
    func leftOut() {
        var matcher = AudioMatcher(Self.audio)
        self.feed(&matcher, Self.audio.samples[0..<16_001], pieces: 1_600)
        self.feed(&matcher, Self.audio.samples[20_003...], pieces: 1_600)
        #expect(matcher.heard == [0..<16_001, 20_003..<80_000])
        #expect(matcher.hasHeard(15_000..<17_000))
        #expect(!matcher.hasHeard(17_000..<19_000))
        #expect(matcher.shift == 4_002)
    }

    @Test("Other audio and silence are never found")
    func strangers() {
        var matcher = AudioMatcher(Self.audio)
        self.feed(&matcher, noise(frames: 40_000, seed: 3)[...], pieces: 1_600)
        self.feed(&matcher, [Int16](repeating: 0, count: 40_000)[...], pieces: 1_600)
        #expect(matcher.heard == [])
        #expect(matcher.unmatchedSilence == 40_000)
    }

    @Test("A changed sample is never heard as the one it should have been")
    func changedSamples() {
        for seed in UInt64(0)..<50 {
            var random = SplitMix64(seed: seed)
            let place = Int.random(in: 1_280..<30_000, using: &random)
            var samples = Self.audio.samples
            samples[place] = samples[place] &+ 1
            var matcher = AudioMatcher(Self.audio)
            self.feed(&matcher, samples[...], pieces: Int.random(in: 1..<5_000, using: &random))
            #expect(matcher.heard == [0..<place, (place + 1)..<80_000].filter { !$0.isEmpty }, "seed \(seed)")
        }
    }
}
