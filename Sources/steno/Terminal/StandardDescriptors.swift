import Glibc

/// The three descriptors every program expects to have.
enum StandardDescriptors {
    /// Somebody may start us with some of them closed. The next file or socket would then become standard output, and get
    /// the transcript. What is opened in their place cannot be used, so that using it is an error as it was before.
    static func secure() {
        for (descriptor, mode) in [(0, O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
        where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the one that is missing, as those below it are open by now.
            _ = open("/dev/null", mode)
        }
    }
}
