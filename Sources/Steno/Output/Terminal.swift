import Glibc

/// What is known of the terminal behind a descriptor.
package enum Terminal {
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// A terminal that can do more than print: `dumb` ones, as in an editor, and those that do not say what they are
    /// cannot be trusted to redraw a line.
    package static func canDraw(_ descriptor: Int32, environment: [String: String]) -> Bool {
        guard let kind = environment["TERM"], !kind.isEmpty, kind != "dumb" else { return false }
        return Self.isTerminal(descriptor)
    }

    /// After no-color.org: set to anything but nothing means no colours.
    package static func canColor(_ descriptor: Int32, environment: [String: String]) -> Bool {
        Self.canDraw(descriptor, environment: environment) && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The person's settings say that what is shown is UTF-8.
    package static func knowsUnicode(environment: [String: String]) -> Bool {
        let settings = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return settings?.lowercased().replacing("-", with: "").hasSuffix("utf8") ?? false
    }

    /// Its width; 80 when it does not tell.
    package static func columns(of descriptor: Int32) -> Int { Self.size(of: descriptor).columns }

    /// 80 by 24 as far as it does not tell.
    package static func size(of descriptor: Int32) -> ScreenSize {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return ScreenSize(columns: 80, rows: 24) }
        return ScreenSize(
            columns: size.ws_col > 0 ? Int(size.ws_col) : 80,
            rows: size.ws_row > 0 ? Int(size.ws_row) : 24
        )
    }

    /// Both lead to one terminal, so that what is written to one moves the other's cursor.
    package static func isSame(_ one: Int32, _ other: Int32) -> Bool {
        guard Self.isTerminal(one), Self.isTerminal(other) else { return false }
        var (first, second) = (stat(), stat())
        return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_rdev == second.st_rdev
    }

    /// Undoes Ctrl-S, if it is a terminal.
    package static func restart(_ descriptor: Int32) {
        // Linux only undoes what the same call did.
        tcflow(descriptor, TCOOFF)
        tcflow(descriptor, TCOON)
    }

    /// A pipe or a socket: another program is behind it.
    package static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Nobody else is using it: a program in the background (`steno live &`) must not draw over the shell, nor take its
    /// keys. A terminal that is not ours to control has no background.
    package static func isForeground(_ descriptor: Int32) -> Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }
}

/// Of a terminal, in characters.
package struct ScreenSize: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
