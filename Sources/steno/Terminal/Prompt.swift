import Glibc
import Steno

/// Asks the person at the terminal.
enum Prompt {
    /// Longest answer, in bytes.
    private static let limit = 1_024

    /// Asks on the terminal itself, whatever standard input and output are.
    ///
    /// - Parameter isSecret: what is typed does not show.
    static func ask(_ question: String, isSecret: Bool) throws -> String {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw Failure(.usage, "There is no terminal to ask on. Use --email ADDRESS and --password-stdin.")
        }
        defer { close(terminal) }
        try Descriptor.write(question, to: terminal, path: "-")
        guard isSecret else { return try Self.line(from: terminal) }
        return try Self.hidden(on: terminal)
    }

    private static func hidden(on terminal: Int32) throws -> String {
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return try Self.line(from: terminal) }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        let seen = before
        let restore = { @Sendable in
            var seen = seen
            tcsetattr(terminal, TCSAFLUSH, &seen)
            try? Descriptor.write("\n", to: terminal, path: "-")
        }
        // Ctrl-C must not leave a terminal behind that shows nothing.
        let signals = Signals { _ in
            restore()
            _exit(ExitCode.stopped.rawValue)
        }
        defer { withExtendedLifetime(signals) {} }
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { restore() }
        return try Self.line(from: terminal)
    }

    /// One line, without its end.
    static func line(from descriptor: Int32) throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < Self.limit {
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != UInt8(ascii: "\n") else { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty, bytes.count < Self.limit, let line = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.usage, "Nothing usable was typed. Try again.")
        }
        return line
    }
}
