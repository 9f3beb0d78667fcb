import Foundation
import StenoTesting
import Testing

@Suite("Live on a disk that fills")
struct LiveDiskTests {
    private static let megabyte = 1 << 20

    @Test("A disk that fills and gets room again costs nothing but two lines of warning")
    func roomAgain() async throws {
        try await SandboxProcess.run { sandbox in
            let disk = FillingDisk(room: 3 * Self.megabyte)
            let dictating = try Dictating(environment: disk.environment)
            let running = try dictating.start(sandbox.option, "--duration", "14s")
            #expect(await running.prints("Good morning."))
            disk.setRoom(1)
            #expect(await running.says("held in memory"))
            disk.setRoom(400 * Self.megabyte)
            #expect(await running.says("What was held in memory is written."))
            let result = await running.result()
            #expect(result.code == 0)
            #expect(result.output == Dictation.text)
            try await self.expectWhole(dictating)
        }
    }

    @Test("A disk that stays full ends with 74, says so, and everything that was committed is there")
    func staysFull() async throws {
        try await SandboxProcess.run { sandbox in
            let disk = FillingDisk(room: 3 * Self.megabyte)
            let dictating = try Dictating(environment: disk.environment)
            let running = try dictating.start(sandbox.option, "--duration", "14s", "--format", "jsonl")
            #expect(await running.prints("Good morning."))
            disk.setRoom(1)
            let result = await running.result()
            #expect(result.code == 74)
            let warnings = try result.events().filter { $0.type == "warning" }.compactMap { $0.text("text") }
            #expect(warnings.contains { $0.hasPrefix("The disk is full. What is said is held in memory") })
            // Whoever comes to finish it has made room.
            disk.setRoom(400 * Self.megabyte)
            let id = try #require(await dictating.recording())
            #expect(try await dictating.program.run("recordings", "recover", id).code == 0)
            let frames = try await self.expectWhole(dictating)
            // What the first words were made of was written when they were printed.
            #expect(frames >= 8_000 && frames < 14 * 16_000, "\(frames) frames")
        }
    }

    /// What is on the disk is what the microphone heard, from the first sample on.
    @discardableResult
    private func expectWhole(_ dictating: Dictating) async throws -> Int {
        let id = try #require(await dictating.recording())
        #expect(try await dictating.program.run("recordings", "verify", id).code == 0)
        let file = dictating.program.path("kept.wav")
        #expect(try await dictating.program.run("recordings", "export", id, "--output", file).code == 0)
        let kept = try Data(contentsOf: URL(filePath: file)).dropFirst(44)
        let heard = Dictation.raw + [UInt8](repeating: 0, count: max(0, kept.count - Dictation.raw.count))
        #expect(kept.elementsEqual(heard.prefix(kept.count)))
        return kept.count / 2
    }
}
