import ChaosProxy
import Glibc
import StenoTesting
import Testing

/// Names that are not found, or not for a long time, and addresses where nobody answers.
@Suite("Names")
struct ChaosNamesTests {
    /// Which lookup is the first that is held: that of the request for a session, or that of the socket.
    private static let both = [0, 1]

    @Test(
        "A name that is not found is looked up again while the recording goes on, and then all words come, once",
        arguments: [FaultyHost.Names.absent, .busy]
    )
    func notFound(names: FaultyHost.Names) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(names)
            let dictating = try Dictating(environment: host.environment)
            let running = try dictating.start(network.namedOption, "--duration", "14s", "--format", "jsonl")
            await host.looksUp(3)
            host.resolve(.good)
            try HostileNetwork.expectAllWords(await running.result())
        }
    }

    @Test(
        "The microphone is recorded while a lookup hangs; when it is answered all words come, once",
        arguments: Self.both
    )
    func slow(spared: Int) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.good, after: spared)
            host.hold()
            let dictating = try Dictating(environment: host.environment)
            let running = try dictating.start(network.namedOption, "--duration", "14s", "--format", "jsonl")
            await host.looksUp(spared + 1)
            #expect(await running.prints("\"microphone\":\"speech\""))
            host.release()
            try HostileNetwork.expectAllWords(await running.result())
        }
    }

    @Test("A lookup that hangs longer than a try may take is given up: then all words, once", arguments: Self.both)
    func hanging(spared: Int) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.good, after: spared)
            host.hold()
            let program = try StenoProgram(host.environment)
            let running = try program.start(["stream", program.dictation(), network.namedOption, "--format", "jsonl"])
            await host.looksUp(spared + 1)
            #expect(await running.prints("\"state\":\"waiting\""))
            host.release()
            try HostileNetwork.expectAllWords(await running.result())
        }
    }

    @Test("A stream whose name is never found ends with 75 after --give-up, and the same command finishes it")
    func givesUp() async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.busy)
            let program = try StenoProgram(host.environment)
            let words = ["stream", program.dictation(), network.namedOption, "--format", "jsonl"]
            let result = try await program.run(words + ["--give-up", "2s"])
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.ended - result.began < .seconds(10))
            #expect(result.errors.contains("There was no connection to the service."))
            host.resolve(.good)
            let again = try await program.run(words)
            try HostileNetwork.expectAllWords(again)
            #expect(again.recording == result.recording)
        }
    }

    @Test("A stream whose lookup hangs for ever ends with 75 when its try and --give-up are over", arguments: Self.both)
    func givesUpHanging(spared: Int) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.good, after: spared)
            host.hold()
            let program = try StenoProgram(host.environment)
            let result = try await program.run(
                ["stream", program.dictation(), network.namedOption, "--format", "jsonl", "--give-up", "2s"]
            )
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.ended - result.began < .seconds(16))
            #expect(try result.events().last?.bool("complete") == false)
        }
    }

    @Test(
        "While a lookup hangs, the second Ctrl-C ends a dictation at once, and its audio is kept",
        arguments: Self.both
    )
    func stoppedAtOnce(spared: Int) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.good, after: spared)
            host.hold()
            let dictating = try Dictating(environment: host.environment)
            let running = try dictating.start(network.namedOption, "--format", "jsonl")
            await host.looksUp(spared + 1)
            running.signal(SIGINT)
            #expect(await running.says("Stopping"))
            let asked = ContinuousClock.now
            running.signal(SIGINT)
            let result = await running.result()
            #expect(result.code == 130, "\(result.errors)")
            #expect(result.ended - asked < .seconds(3))
            let id = try #require(result.recording)
            #expect(try await dictating.program.run("recordings", "verify", id).code == 0)
        }
    }

    @Test("While a lookup hangs, one Ctrl-C ends a stream within the time of a drain", arguments: Self.both)
    func stopped(spared: Int) async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.resolve(.good, after: spared)
            host.hold()
            let program = try StenoProgram(host.environment)
            let running = try program.start(["stream", program.dictation(), network.namedOption, "--format", "jsonl"])
            await host.looksUp(spared + 1)
            let asked = ContinuousClock.now
            running.signal(SIGINT)
            let result = await running.result()
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.ended - asked < .seconds(15))
            let id = try #require(result.recording)
            #expect(try await program.run("recordings", "verify", id).code == 0)
        }
    }

    @Test(
        "Where the first address is of an IPv6 that leads nowhere, the second one is taken at once",
        .enabled(if: SilentPort.isPossible)
    )
    func brokenIPv6() async throws {
        try await HostileNetwork.run { network in
            let silent = try #require(SilentPort(UInt16(network.proxy.port)), "somebody else has this port of ::1")
            let host = FaultyHost()
            host.resolve(.brokenIPv6)
            let dictating = try Dictating(environment: host.environment)
            let running = try dictating.start(network.namedOption, "--duration", "14s", "--format", "jsonl")
            let began = ContinuousClock.now
            #expect(await running.prints("\"state\":\"waiting-for-ready\""))
            // Twice a quarter of a second, and a moment to start.
            #expect(ContinuousClock.now - began < .seconds(4))
            try HostileNetwork.expectAllWords(await running.result())
            withExtendedLifetime(silent) {}
        }
    }
}
