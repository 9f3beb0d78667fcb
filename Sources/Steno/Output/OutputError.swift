/// Why text could not be written, and what to do. Exit code 74.
package struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the user wrote it; `-` is standard output.
    package var path: String
    /// The call that failed and what it returned, such as `rename: 30`. For the log.
    package var cause: String

    package var description: String {
        self.path == "-"
            ? "Standard output does not take the text any more. The rest of it is lost to the reader, not to the files."
            : "'\(self.path)' cannot be written. Check that its folder exists, is yours and has room."
    }
}
