import StenoCore
import StenoStore
import StenoTesting
import StenoWebhook
import StenoWire
import Testing

@Suite("Following up webhook events")
struct EventWorkerTests {
    private static func label(_ type: String, _ id: String = "label-1") -> String {
        #"{"type":"\#(type)","data":{"labelId":"\#(id)"}}"#
    }

    /// Lets a worker work until `condition` holds.
    private static func run(_ worker: EventWorker, _ told: Told, until condition: (Told) -> Bool) async throws {
        async let running: Void = worker.run()
        await told.waits(condition)
        worker.stop()
        try await running
    }

    private static func object(_ line: String) throws -> JSONValue { try JSONValue(parsing: line) }

    @Test("Each event is read, told in one line, and handed to the hook with the same words")
    func whole() async throws {
        let (place, told) = (Place(), Told())
        let store = try place.store()
        let intake = try await place.intake(store)
        #expect(await intake.take(Self.label("new_label"), delivery: "d-1") == 200)
        let worker = place.worker(
            store,
            told,
            hook: { letter in
                _ = told.hooked(letter)
                return nil
            }
        )
        try await Self.run(worker, told) { $0.hooks.count == 1 }
        #expect(told.reads == [.label("label-1")])
        let line = try Self.object(try #require(told.lines.first))
        #expect(told.lines.count == 1 && told.lines == told.hooks)
        #expect(line["v"]?.int == 1 && line["type"]?.string == "event" && line["id"]?.string == "d-1")
        #expect(line["event"]?.string == "new_label" && line["state"]?.string == "read")
        #expect(line["label"]?["id"]?.string == "label-1" && line["data"]?["labelId"]?.string == "label-1")
    }

    @Test("A deletion and a type that nobody knows are told without a call")
    func withoutCall() async throws {
        let (place, told) = (Place(), Told())
        let store = try place.store()
        let intake = try await place.intake(store)
        #expect(await intake.take(Self.label("label_deleted"), delivery: "d-1") == 200)
        #expect(await intake.take(#"{"type":"ping","data":{"x":1}}"#, delivery: "d-2") == 200)
        #expect(await intake.take(#"{"type":"new_label","data":{}}"#, delivery: "d-3") == 200)
        try await Self.run(place.worker(store, told), told) { $0.lines.count == 3 }
        #expect(told.reads.isEmpty)
        let states = try told.lines.map { try Self.object($0)["state"]?.string ?? "" }
        #expect(states.sorted() == ["deleted", "unknown", "unknown"])
    }

    @Test("What failed is tried again until it is there; what is gone is told as deleted")
    func failures() async throws {
        let (place, told) = (Place(), Told())
        let store = try place.store()
        let intake = try await place.intake(store)
        #expect(await intake.take(Self.label("new_label"), delivery: "d-1") == 200)
        let worker = place.worker(store, told) { _, count in
            count < 4 ? .failed(reason: "no network", retryAfter: nil) : .gone
        }
        try await Self.run(worker, told) { $0.lines.count == 1 }
        #expect(told.reads.count == 4)
        #expect(try Self.object(told.lines[0])["state"]?.string == "deleted")
    }

    @Test("One that fails for ever is parked, holds up no other, and a new start tries it again")
    func poison() async throws {
        let (place, told) = (Place(), Told())
        do {
            let store = try place.store()
            let intake = try await place.intake(store)
            #expect(await intake.take(Self.label("new_label", "poison"), delivery: "d-0") == 200)
            for number in 1...20 {
                let label = Self.label("new_label", "label-\(number)")
                #expect(await intake.take(label, delivery: "d-\(number)") == 200)
            }
            var policy = EventPolicy()
            policy.tryLimit = 3
            let worker = place.worker(store, told, policy: policy) { message, _ in
                message.followUp == .label("poison")
                    ? .failed(reason: "always", retryAfter: nil) : .found(["id": "x"], isFinished: true)
            }
            try await Self.run(worker, told) { $0.lines.count == 21 }
        }
        let parked = try told.lines.filter { try Self.object($0)["state"]?.string == "parked" }
        #expect(parked.count == 1)
        #expect(try Self.object(parked[0])["reason"]?.string == "always")
        let store = try place.store()
        try await Self.run(place.worker(store, told), told) { $0.lines.count == 22 }
        #expect(try Self.object(told.lines[21])["state"]?.string == "read")
    }

    @Test("A hook that fails is repeated with the same words; the line is told once")
    func hook() async throws {
        let (place, told) = (Place(), Told())
        let store = try place.store()
        let intake = try await place.intake(store)
        #expect(await intake.take(Self.label("label_updated"), delivery: "d-1") == 200)
        let worker = place.worker(store, told, hook: { told.hooked($0) < 3 ? "it ended with code 1" : nil })
        try await Self.run(worker, told) { $0.hooks.count == 3 }
        #expect(told.lines.count == 1 && told.reads.count == 1 && Set(told.hooks).count == 1)
    }

    @Test("A transcript that is still being made is waited for")
    func unfinished() async throws {
        let (place, told) = (Place(), Told())
        let store = try place.store()
        let intake = try await place.intake(store)
        let text = #"{"type":"conversation_completed","data":{"deviceId":"d","conversationId":"c"}}"#
        #expect(await intake.take(text, delivery: "d-1") == 200)
        let worker = place.worker(store, told) { _, count in .found(["n": 1], isFinished: count > 5) }
        try await Self.run(worker, told) { $0.lines.count == 1 }
        #expect(told.reads.count == 6)
        let line = try Self.object(told.lines[0])
        #expect(line["state"]?.string == "read" && line["conversation"]?["n"]?.int == 1)
    }

    @Test("Another delivery of the same is read when the minute is over, and told only if something changed")
    func echo() async throws {
        for isChanged in [false, true] {
            let (place, told) = (Place(), Told())
            let store = try place.store()
            let intake = try await place.intake(store)
            #expect(await intake.take(Self.label("label_updated"), delivery: "d-1") == 200)
            #expect(await intake.take(Self.label("label_updated"), delivery: "d-2") == 200)
            let worker = place.worker(store, told) { _, count in
                .found(["n": .integer(isChanged ? Int64(count) : 0)], isFinished: true)
            }
            try await Self.run(worker, told) { $0.reads.count == 2 && $0.lines.count == (isChanged ? 2 : 1) }
            #expect(told.lines.count == (isChanged ? 2 : 1))
        }
    }

    @Test("What was read before the end is not read again; it is told at the next start")
    func restart() async throws {
        let (place, told) = (Place(), Told())
        do {
            let store = try place.store()
            let intake = try await place.intake(store)
            #expect(await intake.take(Self.label("new_label"), delivery: "d-1") == 200)
            let worker = EventWorker(
                store: store,
                world: EventWorker.World(
                    time: place.clock.timekeeper,
                    read: { message in
                        _ = told.read(message.followUp)
                        return .found(["id": "label-1"], isFinished: true)
                    },
                    // Standard output is closed.
                    tell: { _ in throw CancellationError() },
                    hook: nil,
                    say: { _ in }
                )
            )
            await #expect(throws: CancellationError.self) { try await worker.run() }
        }
        try await Self.run(place.worker(try place.store(), told), told) { $0.lines.count == 1 }
        #expect(told.reads.count == 1)
    }
}

@Suite("Hooks")
struct EventHookTests {
    private static func run(_ command: String, _ input: String = "{}", limit: Duration = .seconds(20)) async -> String?
    {
        await EventHook(command, environment: ["PATH": "/usr/bin:/bin", "NAME": "value"], timeLimit: limit).run(input)
    }

    @Test("The event comes on standard input, whole, and in no argument")
    func input() async throws {
        let folder = TemporaryFolder()
        let path = folder.path("taken")
        let text = String(repeating: "x", count: 300_000)
        #expect(await Self.run("cat > '\(path)'", text) == nil)
        #expect(folder.read("taken").count == 300_000)
    }

    @Test("A code that is not 0, a signal and a command that is not there are failures")
    func failures() async {
        #expect(await Self.run("exit 3") == "it ended with code 3")
        #expect(await Self.run("kill -9 $$") == "it was ended by signal 9")
        #expect(await Self.run("no-such-command-here 2>/dev/null") == "it ended with code 127")
        #expect(await Self.run("test \"$NAME\" = value") == nil)
    }

    @Test("One that reads nothing is no trouble, and one that takes too long is ended with all it began")
    func limits() async {
        #expect(await Self.run("exec 0<&-; exit 0", String(repeating: "x", count: 1_000_000)) == nil)
        let began = ContinuousClock.now
        #expect(
            await Self.run("sleep 60 & sleep 60; wait", limit: .milliseconds(200)) == "it took too long and was stopped"
        )
        #expect(ContinuousClock.now - began < .seconds(20))
    }
}
