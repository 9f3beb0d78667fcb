import Glibc
import Synchronization

/// What was changed of the terminal, so that it can be undone wherever the program ends: in order, by an error, or in
/// the middle of anything by a signal.
package enum TerminalMode {
    /// Ends an update, wraps again, clears the frame (its cursor rests at its beginning) and shows the cursor.
    private static let undrawing: StaticString = "\u{1B}[?2026l\u{1B}[?7h\r\u{1B}[J\u{1B}[?25h"

    /// The settings before. Written before `typing` names their terminal, and never again until that was taken back.
    nonisolated(unsafe) private static var former = termios()
    /// The terminal whose keys come one by one; -1 for none.
    private static let typing = Atomic<Int32>(-1)
    /// The terminal on which a frame stands; -1 for none.
    private static let drawn = Atomic<Int32>(-1)

    /// Keys come one by one and do not show; signals (Ctrl-C, Ctrl-Z) and Ctrl-S stay as they are.
    ///
    /// Only one thread at a time may enter.
    ///
    /// - Returns: false when the terminal would not, or is not ours at the moment.
    package static func enterKeys(on descriptor: Int32) -> Bool {
        guard self.typing.load(ordering: .acquiring) < 0 else { return true }
        guard Terminal.isForeground(descriptor), tcgetattr(descriptor, &self.former) == 0 else { return false }
        var raw = self.former
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &raw.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        self.typing.store(descriptor, ordering: .releasing)
        guard tcsetattr(descriptor, TCSANOW, &raw) == 0 else {
            self.typing.store(-1, ordering: .releasing)
            return false
        }
        return true
    }

    /// The terminal behaves as it did before. Any thread, any number of times.
    package static func leaveKeys() {
        let descriptor = self.typing.exchange(-1, ordering: .acquiringAndReleasing)
        // In the background the terminal is the shell's, and has the shell's settings.
        guard descriptor >= 0, Terminal.isForeground(descriptor) else { return }
        // Not when all output has left: on a terminal that takes none this would never return.
        tcsetattr(descriptor, TCSANOW, &self.former)
    }

    static func drawing(on descriptor: Int32) { self.drawn.store(descriptor, ordering: .releasing) }
    static func endDrawing() { self.drawn.store(-1, ordering: .releasing) }

    /// Undoes all of it. Any thread, any number of times, also in a signal handler: it neither allocates nor waits.
    package static func restore() {
        self.leaveKeys()
        let descriptor = self.drawn.exchange(-1, ordering: .acquiringAndReleasing)
        guard descriptor >= 0 else { return }
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // A terminal that takes nothing more is not worth waiting for when everything ends.
        guard poll(&ready, 1, 0) == 1, ready.revents & Int16(POLLOUT) != 0 else { return }
        _ = write(descriptor, self.undrawing.utf8Start, self.undrawing.utf8CodeUnitCount)
    }

    /// Restores the terminal also when the program dies of a mistake of its own, or of Ctrl-\.
    package static func restoreOnFatalSignals() {
        // Used here, so that a handler does not have to make them.
        _ = (self.typing.load(ordering: .relaxed), self.drawn.load(ordering: .relaxed))
        for number in [SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                TerminalMode.restore()
                // It is the default by now: the end is the one it would have been.
                raise(number)
            }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            sigaction(number, &action, nil)
        }
    }
}
