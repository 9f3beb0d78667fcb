import Foundation
import Glibc
import StenoCore
import StenoTesting
import Testing

/// Where a job is stopped inside an utterance the service completes what it heard, and a line is split there: what was
/// interrupted is compared by its words, everything else by its lines.
@Suite("Resuming a stream")
struct ResumingTests {
    @Test(
        "Killed at any point, the same command gives every word once, with the same id",
        arguments: [UInt64](1...6)
    )
    func killed(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let line = Int.random(in: 2...36, using: &random)
        try await Interrupted.run { stream in
            let running = try stream.start(speed: "4")
            #expect(await running.printsLines(line), "seed \(seed)")
            running.signal(SIGKILL)
            let killed = await running.result()
            let result = try await stream.resume("--output", stream.program.path("visit.txt"))
            #expect(result.code == 0, "seed \(seed): \(result.errors)")
            #expect(
                Dictation.words(result.words) == Dictation.words(Dictation.text),
                "seed \(seed), killed after line \(line)"
            )
            #expect(
                Dictation.words(stream.program.files()["visit.txt"] ?? "") == Dictation.words(Dictation.text),
                "seed \(seed), killed after line \(line)"
            )
            let end = try #require(try result.events().last)
            #expect(end.bool("complete") == true)
            StreamTests.expectWhole(try #require(end.object("coverage")), frames: Dictation.frames)
            // Killed before anything was on the disk, it begins anew.
            let recordings = try await stream.recordings()
            if recordings.count == 1, let id = killed.recordingSoFar { #expect(result.recording == id) }
            #expect(recordings.allSatisfy { $0.id != result.recording || $0.isComplete })
        }
    }

    @Test("Stopped at once it is 130, and the same command goes on with what was kept")
    func stoppedAtOnce() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Bella is a six year old retriever."))
            running.signal(SIGINT)
            #expect(await running.says("Ending in order."))
            running.signal(SIGINT)
            let stopped = await running.result()
            #expect(stopped.code == 130 || stopped.code == 75)
            let id = try #require(stopped.recording)
            #expect(stopped.errors.contains("is kept as \(id). To finish it: steno stream "))
            let result = try await stream.resume()
            #expect(result.code == 0 && Dictation.words(result.words) == Dictation.words(Dictation.text))
            #expect(result.recording == id)
            #expect(result.errors.contains("Going on with the recording \(id)"))
        }
    }

    @Test("A run without a service ends with 75 and the one command that finishes it, which does")
    func unreachable() async throws {
        try await Interrupted.run(faults: ["juvoly.ready=never@1"]) { stream in
            let first = try await stream.resume("--give-up", "1s")
            #expect(first.code == 75)
            let command = try #require(first.errorLines.last?.split(separator: "To finish it: ").last)
            let words = command.split(separator: " ").map(String.init)
            #expect(words.first == "steno")
            let result = try await stream.program.run(Array(words.dropFirst()))
            #expect(result.code == 0, "\(result.errors)")
            #expect(Dictation.words(result.output) == Dictation.words(Dictation.text))
            #expect(try await stream.recordings().count == 1)
        }
    }

    @Test("What was kept of a file is finished without the file")
    func withoutFile() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Bella is a six year old retriever."))
            running.signal(SIGTERM)
            let stopped = await running.result()
            #expect(stopped.code == 75)
            unlink(stream.path)
            let result = try await stream.deliver(try #require(stopped.recording))
            #expect(result.code == 0, "\(result.errors)")
            #expect(Dictation.words(result.output) == Dictation.words(Dictation.text))
        }
    }

    @Test("Another content, another order to begin anew, and a finished job begin anew")
    func anew() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Good morning."))
            running.signal(SIGTERM)
            let id = try #require(await running.result().recording)
            let other = stream.program.file("other.wav", Dictation.wav + [UInt8](repeating: 0, count: 320))
            let changed = try await stream.program.run("stream", other, stream.sandbox.option, "--format", "jsonl")
            #expect(changed.code == 0 && changed.recording != id)
            let anew = try await stream.resume("--no-resume")
            #expect(anew.code == 0 && anew.recording != id && anew.words == Dictation.text)
            let renamed = stream.program.dictation("renamed.wav")
            let resumed = try await stream.program.run("stream", renamed, stream.sandbox.option, "--format", "jsonl")
            #expect(resumed.recording == id)
            #expect(Dictation.words(resumed.words) == Dictation.words(Dictation.text), "\(resumed.output)")
            let finished = try await stream.resume()
            #expect(finished.code == 0 && finished.recording != id && finished.words == Dictation.text)
            #expect(try await stream.recordings().count == 4)
        }
    }

    @Test("A recording that another process recognises is left to it, with 75")
    func busy() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Good morning."))
            let second = try await stream.resume()
            #expect(second.code == 75 && second.output.isEmpty)
            #expect(second.errors.contains("is being recognised by process \(running.identifier)"))
            running.signal(SIGKILL)
            _ = await running.result()
            let third = try await stream.resume()
            #expect(third.code == 0 && Dictation.words(third.words) == Dictation.words(Dictation.text))
        }
    }

    @Test("What has to be decoded is stored as it is decoded, and goes on like any other")
    func decoded() async throws {
        try await Interrupted.run { stream in
            var stereo = WAVFixture(Dictation.samples.flatMap { [$0, $0] })
            stereo.channels = 2
            let path = stream.program.file("stereo.wav", stereo.bytes)
            let arguments = ["stream", path, stream.sandbox.option, "--format", "jsonl"]
            let running = try stream.program.start(arguments + ["--speed", "4"])
            #expect(await running.prints("Bella is a six year old retriever."))
            running.signal(SIGKILL)
            _ = await running.result()
            let result = try await stream.program.run(arguments)
            #expect(result.code == 0 && Dictation.words(result.words) == Dictation.words(Dictation.text))
            let wav = stream.program.path("kept.wav")
            let id = try #require(result.recording)
            let export = try await stream.program.run("recordings", "export", id, "--output", wav)
            #expect(export.code == 0)
            #expect(try Data(contentsOf: URL(filePath: wav)).dropFirst(44).elementsEqual(Dictation.raw))
        }
    }

    @Test("With --no-store nothing stays behind once everything is done")
    func noStore() async throws {
        try await Interrupted.run { stream in
            let result = try await stream.resume("--no-store")
            #expect(result.code == 0)
            #expect(try await stream.recordings().isEmpty)
        }
    }

    @Test("A disk that refuses stops no stream of a file; its end says so, with 74")
    func disk() async throws {
        try await Interrupted.run { stream in
            _ = stream.program.file(".local", "in the way")
            let result = try await stream.resume()
            #expect(result.code == 74 && result.words == Dictation.text)
        }
    }
}

extension StenoProgram.Result {
    /// As `recording`, of a run whose last line may be cut off.
    var recordingSoFar: String? {
        self.output.split(separator: "\n").first.flatMap { try? JSONLine(String($0)) }?.text("id")
    }
}
