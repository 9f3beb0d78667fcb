import Glibc
import Steno
import StenoTesting
import Synchronization

/// A terminal whose other end a test holds: what is written to `descriptor` shows there, if the test looks.
final class PseudoTerminal: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    /// The program's end.
    let descriptor: Int32
    private let keyboard: Int32
    private let state = Mutex(State())

    /// Some containers have none.
    static var isThere: Bool { access("/dev/ptmx", R_OK | W_OK) == 0 }

    /// TIOCSPTLCK and TIOCGPTN: what `unlockpt` and `ptsname` are made of, which the module map leaves out.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// - Parameter isRead: otherwise nobody takes what is shown, until `read` is called.
    init(columns: UInt16 = 80, rows: UInt16 = 24, isRead: Bool = true) {
        let main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        precondition(main >= 0 && ioctl(main, Self.setLock, &isLocked) == 0, "no terminal: errno \(errno)")
        precondition(ioctl(main, Self.getNumber, &number) == 0, "no terminal: errno \(errno)")
        self.keyboard = main
        self.descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        self.resize(columns: columns, rows: rows)
        if isRead { self.read() }
    }

    deinit {
        // The reader ends with an error by then, and holds nothing of this. A thread that was given up on may still write
        // to the program's end: its number must not become a socket of another test.
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        dup2(nowhere, self.descriptor)
        close(nowhere)
        close(self.keyboard)
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(self.keyboard, UInt(TIOCSWINSZ), &size)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(self.keyboard, bytes, bytes.count)
    }

    var settings: termios {
        var settings = termios()
        tcgetattr(self.descriptor, &settings)
        return settings
    }

    /// Everything that it was made to show so far, escapes included.
    var text: String { self.state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// What it shows.
    var emulated: EmulatedTerminal {
        let size = Terminal.size(of: self.descriptor)
        var terminal = EmulatedTerminal(columns: size.columns, rows: size.rows)
        terminal.receive(self.text)
        return terminal
    }

    /// Waits until `isTrue` of what it was made to show.
    func shows(_ isTrue: @Sendable (String) -> Bool) async {
        let (changes, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        self.state.withLock { $0.waiting.append(continuation) }
        for await _ in changes where isTrue(self.text) { return }
    }

    func shows(_ text: String) async { await self.shows { $0.contains(text) } }

    /// From now on somebody looks.
    func read() {
        let reader = dup(self.keyboard)
        TestThread.run { [weak self] in
            var block = [UInt8](repeating: 0, count: 16_384)
            while case let count = Glibc.read(reader, &block, block.count), count > 0 || errno == EINTR {
                guard count > 0 else { continue }
                guard let self else { break }
                self.add(block[..<count])
            }
            close(reader)
        }
    }

    private func add(_ bytes: ArraySlice<UInt8>) {
        let waiting = self.state.withLock { state in
            state.bytes += bytes
            return state.waiting
        }
        for continuation in waiting { continuation.yield() }
    }
}
