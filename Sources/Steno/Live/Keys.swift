import Glibc
import Synchronization

/// The keys of a terminal, one by one, from a thread of its own.
///
/// In the background (`steno live &`, or `bg` after Ctrl-Z) the terminal is left alone; when the program is in the
/// foreground again the keys work again.
package final class Keys: Sendable {
    private struct State {
        var isSuspended = false
        var isOver = false
    }

    /// There is no event for coming back to the foreground: `fg` need not send a signal to a job that runs.
    private static let backgroundInterval: Int32 = 1_000

    private let descriptor: Int32
    private let onKey: @Sendable (Key) -> Void
    private let state = Mutex(State())
    /// Wakes the thread.
    private let wake: (reader: Int32, writer: Int32)

    /// - Parameter onKey: called on the thread of the keys.
    /// - Returns: `nil` when `descriptor` is no terminal, so that there are no keys.
    package init?(_ descriptor: Int32 = 0, onKey: @escaping @Sendable (Key) -> Void) {
        var ends: [Int32] = [0, 0]
        guard Terminal.isTerminal(descriptor), pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.wake = (ends[0], ends[1])
        self.descriptor = descriptor
        self.onKey = onKey
        // Before anything else shows, so that a key that is pressed at once does not.
        _ = self.prepare()
        OutputThread.start("steno-keys") { self.run() }
    }

    /// The program is about to be stopped: the terminal gets its own settings back before this returns.
    package func suspend() {
        self.state.withLock { state in
            state.isSuspended = true
            TerminalMode.leaveKeys()
            self.ring(state)
        }
    }

    /// The program goes on, in the foreground or not.
    package func resume() {
        self.state.withLock { $0.isSuspended = false }
        _ = self.prepare()
        self.state.withLock { self.ring($0) }
    }

    /// No keys any more; when this returns, the terminal has its own settings back and is not read again.
    package func end() {
        self.state.withLock { state in
            self.ring(state)
            state.isOver = true
            TerminalMode.leaveKeys()
        }
    }

    /// Under the lock: once it is over, the thread closes the pipe, and its number may be somebody else's.
    private func ring(_ state: State) {
        guard !state.isOver else { return }
        var byte: UInt8 = 0
        // A full pipe wakes as well.
        _ = write(self.wake.writer, &byte, 1)
    }

    private func run() {
        defer {
            self.state.withLock { state in
                state.isOver = true
                close(self.wake.reader)
                close(self.wake.writer)
            }
        }
        while let isListening = self.prepare() {
            // A descriptor below zero is left out by `poll`: in the background, keys are for somebody else.
            var waiting = [
                pollfd(fd: self.wake.reader, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isListening ? self.descriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            let isSuspended = self.state.withLock(\.isSuspended)
            poll(&waiting, 2, isListening || isSuspended ? -1 : Self.backgroundInterval)
            var bytes = [UInt8](repeating: 0, count: 256)
            if waiting[0].revents != 0 { _ = read(self.wake.reader, &bytes, bytes.count) }
            guard waiting[1].revents != 0 else { continue }
            // Whoever ended the keys may have closed the terminal since, and what is there now is not ours to read.
            let (count, errno) = self.state.withLock { state in
                state.isOver ? (0, 0) : (read(self.descriptor, &bytes, bytes.count), Glibc.errno)
            }
            if count > 0 {
                for key in KeyDecoder.keys(in: bytes[..<count]) { self.onKey(key) }
            } else if count == 0 || (errno != EINTR && errno != EAGAIN && Terminal.isForeground(self.descriptor)) {
                // The terminal is gone.
                return
            }
        }
    }

    /// Whether keys are to be read now; `nil` when there are to be none any more.
    private func prepare() -> Bool? {
        self.state.withLock { state in
            guard !state.isOver else { return nil }
            guard !state.isSuspended, Terminal.isForeground(self.descriptor) else { return false }
            return TerminalMode.enterKeys(on: self.descriptor)
        }
    }
}
