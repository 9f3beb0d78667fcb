import Glibc

/// A plain thread for work that waits in system calls, which would hold up the cooperative pool.
package enum NamedThread {
    /// Runs `body` on a thread of its own and returns at once.
    ///
    /// - Parameters:
    ///   - name: what tools show, at most 15 characters.
    ///   - path: the input, for messages.
    /// - Throws: when the system has no thread left.
    package static func run(
        _ name: StaticString,
        path: String,
        _ body: sending @escaping () -> Void
    ) throws(AudioError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

        let context = Unmanaged.passRetained(Work(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            &attributes,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            throw AudioError(.noThread, path: path, cause: "pthread_create: \(code)")
        }
    }

    /// Made on one thread and then the other's alone.
    private final class Work {
        private let name: StaticString
        private let body: () -> Void

        init(name: StaticString, body: sending @escaping () -> Void) {
            self.name = name
            self.body = body
        }

        func run() {
            // The call for this is hidden from Swift; the file does the same. Without a name it works as well.
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            if file >= 0 {
                _ = write(file, self.name.utf8Start, self.name.utf8CodeUnitCount)
                close(file)
            }
            self.body()
        }
    }
}
