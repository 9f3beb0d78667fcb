import StenoCore
import Testing

@testable import StenoEngine

// One after the other: the tests share the model's lock, and would wait for it in threads that other suites need.
@Suite("Local recogniser", .serialized, .enabled(if: InstalledEngine.isHere, .init(rawValue: InstalledEngine.advice)))
struct LocalRecognizerTests {
    private func recogniser(_ settings: SpeechSettings = .init()) throws -> LocalRecognizer {
        try LocalRecognizer(model: InstalledEngine.model.get(), settings: settings)
    }

    @Test(
        "A dictation comes out with at most a tenth of its words wrong",
        arguments: [Sample.generalPractice, .veterinary, .short]
    )
    func dictation(sample: Sample) throws {
        let updates = try self.recogniser().hear(sample.samples, piece: 16_000, isBehind: true)
        #expect(WordErrorRate.between(said: sample.text, heard: updates.text) <= 0.10)
    }

    @Test("A person reading comes out with at most 12 % of the words wrong")
    func recordedSpeech() throws {
        let updates = try self.recogniser().hear(Sample.librivox.samples)
        #expect(WordErrorRate.between(said: Sample.librivox.text, heard: updates.text) <= 0.12)
    }

    @Test("The result does not depend on the size of the pieces", arguments: [1, 511, 512, 513, 16_000, 1_000_000])
    func pieces(piece: Int) throws {
        let whole = try self.recogniser().hear(Sample.short.samples)
        #expect(try self.recogniser().hear(Sample.short.samples, piece: piece) == whole)
    }

    @Test("Interims come before their final, with its id, and the last of several ids is the highest")
    func interims() throws {
        let pause = [Int16](repeating: 0, count: 16_000)
        let updates = try self.recogniser().hear(Sample.short.samples + pause + Sample.librivox.samples)
        #expect(updates.completed.map(\.id) == ["0", "1"])
        #expect(updates.map(\.id) == updates.map(\.id).sorted())
        for id in ["0", "1"] {
            let one = updates.filter { $0.id == id }
            #expect(one.count >= 4)
            #expect(one.last?.isCompleted == true)
            #expect(one.dropLast().allSatisfy { !$0.isCompleted && !$0.sentence.isEmpty })
        }
    }

    @Test("Who is behind gets finals only, and the same ones")
    func behind() throws {
        let updates = try self.recogniser().hear(Sample.short.samples, isBehind: true)
        #expect(updates == (try self.recogniser().hear(Sample.short.samples)).completed)
    }

    @Test("Words lie in order within the audio, cover the speech without a gap, and are marked as estimates")
    func words() throws {
        for update in try self.recogniser().hear(Sample.librivox.samples) {
            #expect(update.hasEstimatedWordTimes)
            #expect(update.words.map(\.text).joined(separator: " ") == update.sentence)
            #expect(zip(update.words, update.words.dropFirst()).allSatisfy { $0.end == $1.start })
            #expect(update.words.allSatisfy { 0 <= $0.start && $0.start < $0.end })
            #expect(update.words.allSatisfy { $0.end <= Sample.librivox.seconds })
        }
    }

    @Test("The first words begin where the speech begins, after any silence")
    func offset() throws {
        let silence = [Int16](repeating: 0, count: 48_000)
        let plain = try #require(try self.recogniser().hear(Sample.short.samples).completed.first?.words.first)
        let later = try #require(
            try self.recogniser().hear(silence + Sample.short.samples).completed.first?.words.first
        )
        #expect(abs(later.start - plain.start - 3) < 0.1)
    }

    @Test("Silence gives nothing, and no audio gives nothing")
    func silence() throws {
        #expect(try self.recogniser().hear([Int16](repeating: 0, count: 160_000)).isEmpty)
        #expect(try self.recogniser().hear([]).isEmpty)
    }

    @Test("Noise at full scale neither traps nor grows without bound")
    func noise() throws {
        var random = SplitMix64(seed: 7)
        let noise = (0..<160_000).map { _ in Int16(truncatingIfNeeded: random.next()) }
        let updates = try self.recogniser().hear(noise, isBehind: true)
        #expect(updates.allSatisfy { $0.isCompleted })
    }

    @Test("Speech without a pause is cut at the limit, and nothing between the pieces is left out")
    func limit() throws {
        var settings = SpeechSettings()
        settings.softLimit = 24_000
        settings.hardLimit = 32_000
        let updates = try self.recogniser(settings).hear(Sample.librivox.samples, isBehind: true)
        #expect(updates.count >= 3)
        #expect(updates.map(\.id) == (0..<updates.count).map(String.init))
        let starts = updates.compactMap { $0.words.first?.start }
        let ends = updates.compactMap { $0.words.last?.end }
        #expect(zip(starts, ends).allSatisfy { $1 - $0 <= 2.1 })
        #expect(zip(ends, starts.dropFirst()).allSatisfy { $1 - $0 < 0.3 })
    }

    @Test("Starting the library's count anew loses nothing and moves nothing")
    func renewal() throws {
        var settings = SpeechSettings()
        settings.renewAfter = 16_000
        let silence = [Int16](repeating: 0, count: 40_000)
        let audio = silence + Sample.short.samples + silence + Sample.short.samples
        let renewed = try self.recogniser(settings).hear(audio, isBehind: true)
        let plain = try self.recogniser().hear(audio, isBehind: true)
        #expect(renewed.text == plain.text)
        let starts = [renewed, plain].map { $0.map { $0.words.first?.start ?? 0 } }
        #expect(zip(starts[0], starts[1]).allSatisfy { abs($0 - $1) < 0.1 })
    }

    @Test("After the end, more audio is refused and a second end says nothing")
    func finished() throws {
        let recogniser = try self.recogniser()
        _ = try recogniser.hear(Sample.short.samples, isBehind: true)
        #expect(try recogniser.finish().isEmpty)
        let error = #expect(throws: EngineError.self) { try recogniser.hear(Sample.short.samples) }
        #expect(error?.code == .finished)
    }

    @Test("Two recognisers share a model from two threads and do not hear each other")
    func shared() async throws {
        let alone = try self.recogniser().hear(Sample.short.samples, isBehind: true)
        let model = try InstalledEngine.model.get()
        try await withThrowingTaskGroup(of: [TranscriptUpdate].self) { group in
            for _ in 0..<2 {
                group.addTask { try LocalRecognizer(model: model).hear(Sample.short.samples, isBehind: true) }
            }
            for try await updates in group {
                #expect(updates == alone)
            }
        }
    }
}
