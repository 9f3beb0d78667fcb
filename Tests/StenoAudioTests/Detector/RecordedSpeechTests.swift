import StenoAudio
import StenoCore
import StenoTesting
import Testing

/// The detector on the samples of this project. The times were read off the recordings.
@Suite("Detector on recorded speech")
struct RecordedSpeechTests {
    private func spans(_ sample: String, mixedWith noise: (Int) -> [Int16] = { _ in [] }) throws -> [AudioSpan] {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let source = try AudioFile.open("\(root)/samples/audio/\(sample)", spoolFolder: TemporaryFolder().path("spool"))
        let samples = try source.allSamples()
        let mixed = Signal.mixed(samples, noise(samples.count))
        var detector = EnergyDetector()
        return mixed.withUnsafeBufferPointer { detector.accept($0) } + detector.finish()
    }

    private func seconds(_ spans: [AudioSpan]) -> Double {
        spans.reduce(0) { $0 + Double($1.frames) / Double(SamplePosition.rate) }
    }

    @Test("A reader is heard from the first word to the last, in silence, hiss and rumble")
    func reader() throws {
        let noises: [(Int) -> [Int16]] = [
            { _ in [] },
            { Signal.noise(level: -50, frames: $0) },
            { Signal.rumble(level: -40, frames: $0) },
        ]
        for (index, noise) in noises.enumerated() {
            let spans = try self.spans("librivox.wav", mixedWith: noise)
            #expect(abs((spans.first?.start.seconds ?? 0) - 0.24) < 0.15, "noise \(index)")
            #expect(abs((spans.last?.end.seconds ?? 0) - 6.86) < 0.2, "noise \(index)")
            #expect(self.seconds(spans) > 5.8, "noise \(index)")
        }
    }

    @Test("A dictation is parted at its pauses, and they are silent")
    func dictation() throws {
        let spans = try self.spans("veterinary.wav")
        #expect((18...34).contains(spans.count))
        #expect((51...58).contains(self.seconds(spans)))
    }
}
