import Glibc

/// A terminal with a person in front of it.
final class Terminal: Sendable {
    /// What a program opens to be on this terminal.
    let path: String
    /// Everything it was made to show, escapes included.
    let shown: Collected
    private let keyboard: Int32

    /// Some containers have none.
    static var isThere: Bool { access("/dev/ptmx", R_OK | W_OK) == 0 }

    /// TIOCSPTLCK and TIOCGPTN: what `unlockpt` and `ptsname` are made of, which the module map leaves out.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    init(columns: UInt16 = 80, rows: UInt16 = 24) throws {
        let main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        guard main >= 0, ioctl(main, Self.setLock, &isLocked) == 0, ioctl(main, Self.getNumber, &number) == 0 else {
            throw StartFailure(what: "terminal", number: errno)
        }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(main, UInt(TIOCSWINSZ), &size)
        self.path = "/dev/pts/\(number)"
        self.keyboard = dup(main)
        _ = fcntl(self.keyboard, F_SETFD, FD_CLOEXEC)
        self.shown = Collected(main)
    }

    deinit { close(self.keyboard) }

    /// Of its line discipline. Asked for at this end: the program's end must not be closed before a program has it.
    var settings: termios {
        var settings = termios()
        tcgetattr(self.keyboard, &settings)
        return settings
    }

    /// Waits until a pause is shown and the clock beside it went on, so that it is longer than a period of the sound.
    func showsPause() async -> Bool {
        await self.shown.waits { text in
            let words = text.split(separator: "Paused · ", omittingEmptySubsequences: false).dropFirst()
            return Set(words.map { $0.prefix(5) }).count > 1
        }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(self.keyboard, bytes, bytes.count)
    }
}
