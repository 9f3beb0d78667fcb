import Glibc

/// Runs `body` on a thread of its own, for calls that block.
func detached(_ body: @escaping @Sendable () -> Void) {
    final class Work {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Work(body)).toOpaque()
    let failure = pthread_create(
        &thread,
        nil,
        { context in
            if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        },
        context
    )
    precondition(failure == 0, "no thread: \(failure)")
    pthread_detach(thread)
}
