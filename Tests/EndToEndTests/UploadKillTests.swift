import Foundation
import FoundationNetworking
import StenoCore
import Testing

/// `kill -9` at seeded instants of an upload, to a sandbox that drops and delays. `scripts/deliveries` runs many more of
/// them, with the same code.
@Suite("Killed while uploading", .serialized)
struct UploadKillTests {
    /// `STENO_UPLOAD_KILLS=FIRST-LAST` asks for other seeds.
    private static let seeds: ClosedRange<UInt64> = {
        let asked = ProcessInfo.processInfo.environment["STENO_UPLOAD_KILLS"]?.split(separator: "-")
            .compactMap { UInt64($0) }
        guard let asked, asked.count == 2, asked[0] <= asked[1] else { return 1...25 }
        return asked[0]...asked[1]
    }()
    /// At once: most of each is waiting.
    private static let width = 3

    @Test("However an upload is killed and whatever the service does with it, there is one note in the end")
    func kills() async throws {
        try await withThrowingTaskGroup(of: UploadKilling.Outcome.self) { group in
            var seeds = Self.seeds.makeIterator()
            func next() { if let seed = seeds.next() { group.addTask { try await UploadKilling(seed).run() } } }
            for _ in 0..<Self.width { next() }
            while let outcome = try await group.next() {
                Self.judge(outcome)
                next()
            }
        }
    }

    private static func judge(_ outcome: UploadKilling.Outcome) {
        if let path = ProcessInfo.processInfo.environment["STENO_UPLOAD_KILL_LOG"] {
            let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            let bytes = Array("\(outcome.line)\n".utf8)
            _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            close(file)
        }
        let comment: Comment = "\(outcome.line)"
        #expect(outcome.notes == 1, comment)
        #expect(outcome.finished == 0, comment)
        #expect(outcome.isTold, "the note that is told is not the one that is there: \(outcome.line)")
    }
}

/// One upload that is killed, and what comes of it.
private struct UploadKilling {
    struct Outcome {
        var seed: UInt64
        var notes: Int
        /// What the finishing command ended with at last.
        var finished: Int32
        var tries: Int
        var fault: String
        var killed: Int32
        var isTold: Bool

        var line: String {
            "seed \(self.seed) notes \(self.notes) finished \(self.finished) tries \(self.tries) killed \(self.killed) "
                + "fault \(self.fault)"
        }
    }

    /// What the service does with the first upload it gets.
    private static let faults = ["none", "dropAfterStore", "dropBeforeStore", "500", "503", "slow"]
    private static let visit = ["--upload", "connectvets", "--patient", "Bella"]
    private static let tryLimit = 4

    private let seed: UInt64
    private let fault: String
    private let delay: Double
    private let indexDelay: Double

    init(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        self.fault = Self.faults.randomElement(using: &random) ?? "none"
        self.delay = Double.random(in: 0..<0.4, using: &random)
        self.indexDelay = Double.random(in: 0..<1, using: &random)
    }

    func run() async throws -> Outcome {
        let milliseconds = Int(self.indexDelay * 1_000)
        let faults = ["connectvets.createFault=\(self.fault)@1", "connectvets.indexDelay=\(milliseconds)ms"]
        return try await SandboxProcess.run(faults: faults) { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), sandbox.option, "--format", "jsonl", "--speed", "max"]
            let running = try program.start(arguments + Self.visit)
            #expect(await running.prints(#""state":"sending""#), "seed \(self.seed)")
            await Self.wait(self.delay)
            running.signal(SIGKILL)
            let killed = await running.result()
            let id = try #require(killed.recording)
            var finished = killed.code
            var tries = 0
            while finished != 0, tries < Self.tryLimit {
                tries += 1
                finished = try await program.run("deliver", id, "--to", "connectvets", sandbox.option).code
                // It had ended before it was killed.
                if finished == 64 { finished = 0 }
            }
            let notes = try await Self.notes(sandbox)
            let told = try await program.run("recordings", "show", id, "--json", sandbox.option).output
            return Outcome(
                seed: self.seed,
                notes: notes.count,
                finished: finished,
                tries: tries,
                fault: self.fault,
                killed: killed.code,
                isTold: notes.allSatisfy { told.contains($0) }
            )
        } violations: { _ in
            // A request that is cut off breaks the rules, which is what is done here.
            true
        }
    }

    /// Ids of all notes in the stand-in. What it stored a moment ago can be seen after its delay.
    private static func notes(_ sandbox: SandboxProcess) async throws -> [String] {
        await Self.wait(1)
        let address = try #require(URL(string: "\(sandbox.address)/notes/v1/notes?limit=100"))
        var request = URLRequest(url: address)
        request.setValue("sandbox-connectvets-key", forHTTPHeaderField: "x-api-key")
        let (body, _) = try await URLSession.shared.data(for: request)
        let root = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        return (root["data"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }

    private static func wait(_ seconds: Double) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { continuation.resume() }
        }
    }
}
