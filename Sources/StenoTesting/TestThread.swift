import Glibc

/// A thread of its own, for code that waits in system calls or that must really run beside the test.
package enum TestThread {
    /// Runs `body` on a new thread and returns at once.
    ///
    /// - Precondition: the system has a thread left.
    package static func run(_ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        precondition(code == 0, "no thread: \(code)")
        pthread_detach(thread)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }
}
