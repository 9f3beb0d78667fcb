internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs a command of the person for each event, with the event on its standard input and never in its arguments.
package struct EventHook: Sendable {
    /// A pipe must not be inherited by a command that happens to be started at the same time: its reader would see no
    /// end of it.
    private static let starting = Mutex(())

    private let command: String
    private let timeLimit: Duration
    /// `NAME=VALUE`
    private let environment: [String]

    /// - Parameters:
    ///   - command: for `/bin/sh -c`.
    ///   - environment: of the command. The webhook secret has no place in it.
    ///   - timeLimit: after which the command and what it began are killed.
    package init(_ command: String, environment: [String: String], timeLimit: Duration = .seconds(60)) {
        // A command that does not read its input is an error to handle, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        self.command = command
        self.timeLimit = timeLimit
        self.environment = environment.map { "\($0.key)=\($0.value)" }
    }

    /// - Returns: `nil` when the command ended with 0, else what was wrong.
    package func run(_ input: String) async -> String? {
        await withCheckedContinuation { continuation in
            // Not a thread of the pool: it waits for somebody else's program.
            let thread = DispatchQueue(label: "steno.hook")
            thread.async { continuation.resume(returning: self.runWaiting(input)) }
        }
    }

    private func runWaiting(_ text: String) -> String? {
        guard let (child, input) = Self.starting.withLock({ _ in self.start() }) else {
            return "it could not be started"
        }
        let life = Life()
        let limit = DispatchTimeInterval.milliseconds(Int(self.timeLimit / .milliseconds(1)))
        DispatchQueue.global().asyncAfter(deadline: .now() + limit) { life.end(child) }
        // A command need not read all of it, or any.
        Self.write(text, to: input)
        close(input)
        return life.wait(for: child)
    }

    /// - Returns: the command's number, and where its input goes.
    private func start() -> (child: pid_t, input: Int32)? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = self.spawn(reading: ends[0])
        close(ends[0])
        if let child { return (child, ends[1]) }
        close(ends[1])
        return nil
    }

    private func spawn(reading descriptor: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
        // Standard output is ours alone.
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that all of it can be ended; and none of the signals that we ignore.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = ["/bin/sh", "-c", self.command].map { (word: String) in strdup(word) } + [nil]
        let variables = self.environment.map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child: pid_t = 0
        return posix_spawn(&child, "/bin/sh", &actions, &attributes, words, variables) == 0 ? child : nil
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                written += count
            }
        }
    }

    /// Between the end of a child and its burial its number cannot be another's, so only then may it be signalled.
    private final class Life: Sendable {
        private struct State {
            var isOver = false
            var isKilled = false
        }

        private let state = Mutex(State())

        func end(_ child: pid_t) {
            self.state.withLock { state in
                guard !state.isOver else { return }
                state.isKilled = true
                kill(-child, SIGKILL)
            }
        }

        func wait(for child: pid_t) -> String? {
            var information = siginfo_t()
            while waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            let isKilled = self.state.withLock { state in
                state.isOver = true
                return state.isKilled
            }
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            if isKilled { return "it took too long and was stopped" }
            let signal = status & 0x7F
            if signal != 0 { return "it was ended by signal \(signal)" }
            let code = (status >> 8) & 0xFF
            return code == 0 ? nil : "it ended with code \(code)"
        }
    }
}
