import StenoCore
import StenoTesting
import Testing

@testable import StenoAudio

@Suite("Source copier")
struct SourceCopierTests {
    private static let refused = AudioError(.storage(folder: "recordings"), path: "visit", cause: "pwrite: 28")

    private static func copier(
        _ source: ScriptedSource,
        copying amount: SourceCopier.Amount = .everything,
        into sink: ScriptedCopy
    ) throws -> SourceCopier {
        try SourceCopier(SharedSource(source), copying: amount, name: "visit") { sink }
    }

    @Test("What comes is copied in order, once, and is safe when the end is told")
    func everything() async throws {
        let source = ScriptedSource(Signal.indexed(0..<40_000), isComplete: false)
        let sink = ScriptedCopy()
        let copier = try Self.copier(source, into: sink)
        source.append(Signal.indexed(40_000..<50_001))
        source.finish()
        let report = await copier.finish(copying: .everything)
        #expect(sink.samples == Signal.indexed(0..<50_001))
        #expect(sink.durable.frames == 50_001)
        #expect(report.end.frames == 50_001 && report.isOpen && report.missing == nil && report.failure == nil)
    }

    @Test("A session and a copier both learn of everything a source gets, whoever looks first")
    func sharing() async throws {
        let source = ScriptedSource(isComplete: false)
        let shared = SharedSource(source)
        let sink = ScriptedCopy()
        let copier = try SourceCopier(shared, copying: .everything, name: "visit") { sink }
        let (rings, doorbell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        shared.observe { doorbell.yield() }
        for second in Int64(0)..<20 { source.append(Signal.indexed(second * 100..<second * 100 + 100)) }
        source.finish()
        for await _ in rings where shared.progress.isComplete { break }
        #expect(shared.progress.available.frames == 2_000)
        _ = await copier.finish(copying: .everything)
        #expect(sink.samples == Signal.indexed(0..<2_000))
    }

    @Test("A copy that goes on begins where the former one ended")
    func goingOn() async throws {
        let sink = ScriptedCopy(Signal.indexed(0..<9_000))
        let copier = try Self.copier(ScriptedSource(Signal.indexed(0..<20_000)), into: sink)
        #expect(await copier.finish(copying: .everything).end.frames == 20_000)
        #expect(sink.samples == Signal.indexed(0..<20_000))
        #expect(sink.firstOffered?.frames == 9_000)
    }

    @Test("A file that can be read again is not copied unless it is asked for at the end")
    func reference() async throws {
        let source = ScriptedSource(Signal.indexed(0..<20_000))
        let (spared, wanted) = (ScriptedCopy(), ScriptedCopy())
        let report = await (try Self.copier(source, copying: .nothing, into: spared)).finish(copying: .nothing)
        #expect(spared.samples.isEmpty && report.missing == nil && report.isOpen)
        _ = await (try Self.copier(source, copying: .nothing, into: wanted)).finish(copying: .everything)
        #expect(wanted.samples == Signal.indexed(0..<20_000))
    }

    @Test("What is told beside the audio is written although no audio is copied")
    func news() async throws {
        let sink = ScriptedCopy()
        let copier = try Self.copier(ScriptedSource(Signal.indexed(0..<100)), copying: .nothing, into: sink)
        copier.wake()
        await sink.settled(times: 1)
        copier.wake()
        await sink.settled(times: 2)
        _ = await copier.finish(copying: .nothing)
    }

    @Test("A disk that refuses for a while costs nothing")
    func recovery() async throws {
        let source = ScriptedSource(Signal.indexed(0..<30_000), isComplete: false)
        let sink = ScriptedCopy()
        sink.fail(Self.refused)
        let copier = try Self.copier(source, into: sink)
        await sink.refused()
        sink.fail(nil)
        source.append(Signal.indexed(30_000..<40_000))
        source.finish()
        let report = await copier.finish(copying: .everything)
        #expect(report.failure == nil && report.missing == nil)
        #expect(sink.samples == Signal.indexed(0..<40_000))
    }

    @Test("What the disk does not take is measured, with what it said")
    func loss() async throws {
        let source = ScriptedSource(Signal.indexed(0..<16_000), isComplete: false)
        let sink = ScriptedCopy()
        let copier = try Self.copier(source, into: sink)
        await sink.settled(times: 1)
        sink.fail(Self.refused)
        source.append(Signal.indexed(16_000..<24_000))
        source.finish()
        let report = await copier.finish(copying: .everything)
        #expect(report.failure == Self.refused)
        #expect(report.missing == AudioSpan(16_000..<24_000))
    }

    @Test("Without a place to keep it the audio goes on, and the report says that nothing is kept")
    func noPlace() async throws {
        let source = SharedSource(ScriptedSource(Signal.indexed(0..<16_000)))
        let copier = try SourceCopier(source, copying: .everything, name: "visit") { () throws(AudioError) in
            throw Self.refused
        }
        let report = await copier.finish(copying: .everything)
        #expect(!report.isOpen && report.failure == Self.refused)
        #expect(report.missing == AudioSpan(0..<16_000))
        #expect(source.progress.available.frames == 16_000)
    }

    @Test("An input that goes on for ever is copied as far as it is there")
    func pipe() async throws {
        let source = ScriptedSource(Signal.indexed(0..<10_000), isComplete: false)
        let sink = ScriptedCopy()
        let report = await (try Self.copier(source, into: sink)).finish(copying: .whatIsThere)
        #expect(report.end.frames == 10_000)
        #expect(sink.durable.frames == 10_000)
    }
}
