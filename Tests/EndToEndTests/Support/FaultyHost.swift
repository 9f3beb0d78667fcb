import Foundation
import Glibc
import StenoTesting

/// A machine whose wall clock and whose names do what a test commands while the program runs on it: `Tests/FaultyHost`,
/// preloaded. Only lookups of `localhost` are its business.
final class FaultyHost: Sendable {
    enum Names: String {
        case good, absent, busy
        /// `::1` first, then 127.0.0.1.
        case brokenIPv6 = "broken6"
    }

    private let folder = TemporaryFolder()
    /// Who has a lock on it holds up every lookup.
    private let gate: Int32
    private let told: Int32
    /// A line for each lookup.
    private let lookups: Collected

    init() {
        self.gate = open(self.folder.write([], to: "gate"), O_RDWR | O_CLOEXEC)
        let pipe = self.folder.path("told")
        precondition(self.gate >= 0 && mkfifo(pipe, 0o600) == 0, "no folder for commands: errno \(errno)")
        let reading = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        // Held open, so that the pipe does not end before this does.
        self.told = open(pipe, O_WRONLY | O_CLOEXEC)
        precondition(reading >= 0 && self.told >= 0 && fcntl(reading, F_SETFL, 0) == 0, "no pipe: errno \(errno)")
        self.lookups = Collected(reading)
    }

    deinit {
        close(self.gate)
        close(self.told)
    }

    /// What the program under test needs in its environment.
    var environment: [String: String] {
        let library = URL(filePath: StenoProgram.binary).deletingLastPathComponent().appending(
            path: "libfaulty_host.so"
        )
        return ["LD_PRELOAD": library.path, "FAULTY_HOST_FOLDER": self.folder.path]
    }

    /// - Parameter spared: so many lookups of each program go well before.
    func resolve(_ names: Names, after spared: Int = 0) {
        self.command("names", spared > 0 ? "\(names.rawValue) \(spared)" : names.rawValue)
    }

    /// From now on a lookup waits for `release`, or for the end of the test.
    func hold() { precondition(flock(self.gate, LOCK_EX) == 0, "cannot hold: errno \(errno)") }
    func release() { precondition(flock(self.gate, LOCK_UN) == 0, "cannot release: errno \(errno)") }

    /// Waits until there were so many lookups.
    func looksUp(_ times: Int) async {
        _ = await self.lookups.waits { text in text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) } >= times
        }
    }

    /// Makes the wall clock of the program wrong by so many seconds, from now on.
    func setClock(wrongBy seconds: Int) { self.command("clock", "\(seconds * 1_000)") }

    /// At once, so that nobody reads half of it.
    private func command(_ name: String, _ text: String) {
        let path = self.folder.write(Array(text.utf8), to: "\(name).new")
        precondition(rename(path, self.folder.path(name)) == 0, "cannot command: errno \(errno)")
    }
}

extension HostileNetwork {
    /// The same address by a name, so that it has to be looked up.
    var namedOption: String { self.option.replacing("127.0.0.1", with: "localhost") }
}
