import StenoCore
import Testing

@testable import StenoEngine

@Suite("Speech detector", .enabled(if: InstalledEngine.isHere, .init(rawValue: InstalledEngine.advice)))
struct SpeechDetectorTests {
    private func detector(startingAt start: SamplePosition = .zero) throws -> SpeechDetector {
        try SpeechDetector(files: #require(InstalledEngine.files), startingAt: start)
    }

    @Test("Speech is found where it is")
    func found() throws {
        let spans = try self.detector().hear(Sample.short.samples)
        let span = try #require(spans.first)
        #expect(spans.count == 1)
        #expect(abs(span.start.seconds - 0.25) < 0.15)
        #expect(abs(span.end.seconds - 2.8) < 0.2)
    }

    @Test("Positions count from where the stream began")
    func positions() throws {
        let plain = try self.detector().hear(Sample.short.samples)
        let moved = try self.detector(startingAt: .init(frames: 5_000)).hear(Sample.short.samples)
        #expect(moved.map(\.start) == plain.map { $0.start + 5_000 })
        #expect(moved.map(\.end) == plain.map { $0.end + 5_000 })
    }

    @Test("Spans come in order, do not overlap, and lie within the audio")
    func order() throws {
        let spans = try self.detector().hear(Sample.veterinary.samples, piece: 16_000)
        #expect(spans.count > 3)
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start })
        #expect(spans.allSatisfy { !$0.isEmpty && $0.end.frames <= Sample.veterinary.samples.count })
    }

    @Test("Open speech is told before it ends")
    func open() throws {
        let detector = try self.detector()
        let half = Array(Sample.short.samples.prefix(25_600))
        let ended = try half.withUnsafeBufferPointer { try detector.accept($0) }
        #expect(ended.isEmpty)
        #expect(abs(try #require(detector.openSince).seconds - 0.25) < 0.15)
        #expect(detector.finish().count == 1)
        #expect(detector.openSince == nil)
    }

    @Test("Silence is silent")
    func silence() throws {
        #expect(try self.detector().hear([Int16](repeating: 0, count: 64_000)).isEmpty)
    }
}
