import Dispatch
import Glibc
import StenoTesting
import Synchronization

/// A program on its way.
final class Running: Sendable {
    /// Longer than any test needs on a busy machine, in seconds: a program that hangs is killed, and shows as one that was.
    private static let longest = 240
    /// A pipe must not be inherited by a program that happens to be started at the same time: it would never end.
    private static let starting = Mutex(())

    let identifier: pid_t
    private let output: Collected
    private let errors: Collected
    private let began: ContinuousClock.Instant
    private let ended: AsyncStream<End>

    private struct End {
        let code: Int32
        let time: ContinuousClock.Instant
    }

    /// - Parameters:
    ///   - input: what its standard input holds.
    ///   - terminal: becomes its standard error and its controlling terminal.
    ///   - isTyped: the terminal becomes its standard input too.
    init(
        _ binary: String,
        _ arguments: [String],
        _ environment: [String: String],
        input: [UInt8] = [],
        terminal: Terminal? = nil,
        isTyped: Bool = false
    ) throws {
        let folder = TemporaryFolder()
        let inputPath = isTyped ? terminal?.path ?? "/dev/null" : folder.write(input, to: "input")
        let call = Call(binary: binary, arguments: arguments, environment: environment, input: inputPath)
        self.began = .now
        let started = try Self.starting.withLock { _ in try Self.start(call, terminal) }
        self.identifier = started.identifier
        self.output = Collected(started.output)
        self.errors = terminal?.shown ?? Collected(started.errors)
        self.ended = Self.reap(started.identifier, holding: folder)
    }

    func signal(_ number: Int32) { kill(self.identifier, number) }

    /// Waits until standard output holds `text`; false when it ended without.
    func prints(_ text: String) async -> Bool { await self.output.contains(text) }

    /// Waits until standard error, or the terminal, holds `text`; false when it ended without.
    func says(_ text: String) async -> Bool { await self.errors.contains(text) }

    /// Waits until standard output has so many lines; false when it ended with fewer.
    func printsLines(_ count: Int) async -> Bool {
        await self.output.waits { text in text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) } >= count }
    }

    var outputSoFar: String { self.output.text }

    /// Waits for its end. Call once.
    func result() async -> StenoProgram.Result {
        var end = End(code: -1, time: self.began)
        for await ended in self.ended { end = ended }
        return StenoProgram.Result(
            output: await self.output.whole(),
            errors: await self.errors.whole(),
            code: end.code,
            began: self.began,
            ended: end.time
        )
    }
}

/// A program could not be started.
struct StartFailure: Error {
    let what: String
    let number: Int32
}

extension Running {
    private struct Call {
        let binary: String
        let arguments: [String]
        let environment: [String: String]
        let input: String
    }

    private struct Started {
        let identifier: pid_t
        let output: Int32
        let errors: Int32
    }

    private static func start(_ call: Call, _ terminal: Terminal?) throws -> Started {
        var (output, errors): ([Int32], [Int32]) = ([0, 0], [0, 0])
        guard pipe(&output) == 0, pipe(&errors) == 0 else { throw StartFailure(what: "pipe", number: errno) }
        for end in output + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(output[1])
            close(errors[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, call.input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        if let terminal {
            // The first terminal that the leader of a session opens becomes its own.
            posix_spawn_file_actions_addopen(&actions, 2, terminal.path, O_RDWR, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        }
        // Sockets of the tests' own servers would stay open, or listening, in the program.
        for descriptor in 3..<Int32(1_024) { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let identifier = try Self.spawn(call, &actions)
        return Started(identifier: identifier, output: output[0], errors: errors[0])
    }

    private static func spawn(_ call: Call, _ actions: inout posix_spawn_file_actions_t) throws -> pid_t {
        // The runner of the tests may ignore or block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // POSIX_SPAWN_SETSID, which the header only has for programs that ask for GNU's own names.
        let newSession: Int32 = 0x80
        posix_spawnattr_setflags(
            &attributes,
            Int16(Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | newSession)
        )
        let words = ([call.binary] + call.arguments).map { strdup($0) } + [nil]
        let variables = call.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var identifier: pid_t = 0
        let failure = posix_spawn(&identifier, call.binary, &actions, &attributes, words, variables)
        guard failure == 0 else { throw StartFailure(what: call.binary, number: failure) }
        return identifier
    }

    /// - Parameter folder: lives as long as the program.
    private static func reap(_ identifier: pid_t, holding folder: TemporaryFolder) -> AsyncStream<End> {
        final class Life: Sendable { let isOver = Atomic(false) }
        let (stream, continuation) = AsyncStream<End>.makeStream()
        let life = Life()
        detached {
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            life.isOver.store(true, ordering: .releasing)
            withExtendedLifetime(folder) {}
            let signal = status & 0x7F
            // As a shell shows it.
            continuation.yield(End(code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, time: .now))
            continuation.finish()
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.longest)) {
            if !life.isOver.load(ordering: .acquiring) { kill(identifier, SIGKILL) }
        }
        return stream
    }
}
