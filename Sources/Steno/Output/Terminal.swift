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

    /// Its width; 80 when it does not tell.
    package static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
