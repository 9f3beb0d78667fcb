import Dispatch

/// Threads for what may wait as long as it likes: a terminal that takes nothing, a key that nobody presses.
enum OutputThread {
    /// A queue that is never idle is a thread, and unlike a thread there is always one.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        DispatchQueue(label: name, qos: .userInteractive).async(execute: body)
    }
}
