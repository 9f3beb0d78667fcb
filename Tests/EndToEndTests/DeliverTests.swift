import Foundation
import Glibc
import StenoTesting
import Testing

@Suite("Deliver")
struct DeliverTests {
    @Test("What came by standard input and was killed is finished, each word once")
    func standardInput() async throws {
        try await Interrupted.run { stream in
            let running = try stream.program.start(
                ["stream", "-", stream.sandbox.option, "--format", "jsonl", "--speed", "1"],
                input: Dictation.raw
            )
            #expect(await running.prints("Bella is a six year old retriever."))
            running.signal(SIGKILL)
            let id = try #require(await running.result().recordingSoFar)
            let result = try await stream.deliver(id)
            #expect(result.code == 0, "\(result.errors)")
            #expect(Dictation.words(result.output) == Dictation.words(Dictation.text))
            #expect(try await stream.recordings().map(\.isComplete) == [true])
        }
    }

    @Test("What the line at the end of a run or at the start of the next names is what finishes it")
    func advice() async throws {
        try await Interrupted.run { stream in
            let running = try stream.program.start(
                ["stream", "-", stream.sandbox.option, "--format", "jsonl", "--speed", "1"],
                input: Dictation.raw
            )
            #expect(await running.prints("Good morning."))
            running.signal(SIGTERM)
            let stopped = await running.result()
            #expect(stopped.code == 75)
            let id = try #require(stopped.recording)
            let command = "steno deliver \(id) --to transcript \(stream.sandbox.option)"
            #expect(stopped.errorLines.last == "warning: The recording is kept as \(id). To finish it: \(command)")
            let next = try await stream.resume()
            #expect(next.errorLines.contains("1 recording is unfinished. To finish it: \(command)"))
            let quiet = try await stream.resume("--quiet")
            #expect(quiet.errors.isEmpty)
            #expect(try await Dictation.words(stream.deliver(id).output) == Dictation.words(Dictation.text))
            #expect(try await !stream.resume().errors.contains("unfinished"))
        }
    }

    @Test("Of a recording that needs nothing more the text is printed; --again has it recognised anew")
    func nothingToDo() async throws {
        try await Interrupted.run { stream in
            let id = try #require(try await stream.resume().recording)
            let printed = try await stream.deliver(id, "--format", "srt")
            #expect(printed.code == 0)
            #expect(printed.output.hasPrefix("1\n00:00:00,400 --> 00:00:01,200\nGood morning.\n\n2\n"))
            #expect(printed.errors.contains("has its text already"))
            #expect(!printed.errors.contains("Recognising"))
            let again = try await stream.deliver(id, "--again")
            #expect(again.code == 0 && again.output == Dictation.text)
            #expect(again.errors.contains("Recognising"))
            #expect(again.errors.hasPrefix("'\(id)': 00:13 of audio"), "\(again.errors)")
            #expect(try await stream.deliver(id).output == Dictation.text)
        }
    }

    @Test("What belongs to the sandbox is finished there only, and by the engine that began it")
    func realm() async throws {
        try await Interrupted.run { stream in
            let id = try #require(try await stream.resume().recording)
            let real = try await stream.program.run("deliver", id, "--to", "transcript")
            #expect(real.code == 64 && real.output.isEmpty)
            #expect(real.errors == "steno: '\(id)' was made in the sandbox. To finish it there, add --sandbox.\n")
            let engine = try await stream.deliver(id, "--engine", "local")
            #expect(engine.code == 64 && engine.errors.contains("--engine juvoly"))
            let model = try await stream.deliver(id, "--model", "other")
            #expect(model.code == 64 && model.errors.contains("--model generic"))
            #expect(try await stream.deliver("none").code == 66)
            let target = try await stream.program.run("deliver", id, "--to", "nobody", stream.sandbox.option)
            #expect(target.code == 64)
        }
    }

    @Test("A file that is not there any more and was not kept is 66, and named")
    func goneFile() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Bella is a six year old retriever."))
            running.signal(SIGKILL)
            let id = try #require(await running.result().recordingSoFar)
            let other = stream.program.path("elsewhere.wav")
            #expect(rename(stream.path, other) == 0)
            let gone = try await stream.deliver(id)
            #expect(gone.code == 66 && gone.errors.contains("'\(stream.path)'"))
            #expect(rename(other, stream.path) == 0)
            let result = try await stream.deliver(id)
            #expect(result.code == 0 && Dictation.words(result.output) == Dictation.words(Dictation.text))
        }
    }

    @Test("What is being written is left alone, with 75")
    func busy() async throws {
        try await Interrupted.run { stream in
            let running = try stream.start()
            #expect(await running.prints("Good morning."))
            let id = try #require(try JSONLine(String(running.outputSoFar.prefix { $0 != "\n" })).text("id"))
            let result = try await stream.deliver(id)
            #expect(result.code == 75 && result.output.isEmpty)
            running.signal(SIGKILL)
            _ = await running.result()
        }
    }
}
