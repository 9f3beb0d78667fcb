import Dispatch
import Glibc

/// What a shell does to a program on a terminal: Ctrl-Z, `fg` and `bg`, and a window that changes its size.
///
/// In the background nothing stops the program: it neither reads the terminal nor changes its settings there, and what
/// it writes may come through.
package final class JobControl: Sendable {
    // The sources are only kept alive here; they are never touched again before they are cancelled.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// - Parameters:
    ///   - suspend: leaves the terminal as it was. The program is stopped when this returns.
    ///   - resume: the program goes on, in the foreground or not.
    ///   - redraw: the window's size changed.
    package init(
        suspend: @escaping @Sendable () -> Void,
        resume: @escaping @Sendable () -> Void,
        redraw: @escaping @Sendable () -> Void
    ) {
        TerminalMode.restoreOnFatalSignals()
        signal(SIGTTOU, SIG_IGN)
        signal(SIGTTIN, SIG_IGN)
        let queue = DispatchQueue(label: "steno.jobs")
        let actions: [(Int32, @Sendable () -> Void)] = [
            (
                SIGTSTP,
                {
                    suspend()
                    Self.stop()
                    resume()
                }
            ),
            // After SIGSTOP, which nobody can prepare for, the terminal may be in any state.
            (
                SIGCONT,
                {
                    suspend()
                    resume()
                }
            ),
            (SIGWINCH, redraw),
        ]
        self.sources = actions.map { number, action in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler(handler: action)
            source.resume()
            return source
        }
    }

    deinit { for source in self.sources { source.cancel() } }

    /// Stops the program until it is continued, as Ctrl-Z would. Where nobody could continue it, the system does not stop it.
    private static func stop() {
        var (stopping, former) = (sigaction(), sigaction())
        stopping.__sigaction_handler.sa_handler = SIG_DFL
        sigaction(SIGTSTP, &stopping, &former)
        var (signals, blocked) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, SIGTSTP)
        // To this thread, so that not one instruction more is run before it takes effect.
        pthread_sigmask(SIG_UNBLOCK, &signals, &blocked)
        pthread_kill(pthread_self(), SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &blocked, nil)
        // Not `signal`: the source has a handler of its own.
        sigaction(SIGTSTP, &former, nil)
    }
}
