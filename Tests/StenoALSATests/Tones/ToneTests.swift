import Testing

@testable import StenoALSA

@Suite("Tone")
struct ToneTests {
    @Test(
        "It is as long and as high as asked for, 12 dB below full scale, and does not click",
        arguments: [8_000, 48_000]
    )
    func shape(rate: Int) {
        let samples = Tone.begin.samples(rate: rate)
        #expect(samples.count == rate * 12 / 100)
        #expect((7_800...8_232).contains(samples.max() ?? 0))
        let risings = zip(samples, samples.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        #expect(abs(risings - 105) <= 2)
        #expect(samples.prefix(rate / 2_000).allSatisfy { abs($0) < 100 })
        #expect(samples.suffix(rate / 2_000).allSatisfy { abs($0) < 100 })
    }

    @Test("Beginning and end sound different")
    func different() {
        #expect(Tone.begin.frequency > Tone.end.frequency)
    }

    @Test(
        "No length makes it longer than half a second, and none is silence",
        arguments: [-1, 0, 0.001, 9, .infinity, .nan]
    )
    func bounds(length: Double) {
        let samples = Tone(frequency: 880, length: length).samples(rate: 48_000)
        #expect(samples.count <= 24_000)
        #expect(length > 0 || samples.isEmpty)
    }
}
