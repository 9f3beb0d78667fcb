/// What a run ends with. The numbers are interface: scripts test them.
package enum ExitCode: Int32, CaseIterable, Sendable {
    /// All of it: every word confirmed, every delivery asked for is done.
    case success = 0
    /// A defect of ours, reported with what to send us.
    case defect = 1
    /// Wrong use of the command line.
    case usage = 64
    /// The input is not audio we can read.
    case unreadableInput = 65
    /// Input file or capture device not there.
    case noInput = 66
    /// A service cannot be reached, and nothing could be queued.
    case unreachable = 69
    /// The disk refused: full, read-only, failing.
    case disk = 74
    /// The audio is safe, but something is unfinished. The text says what and how to finish.
    case unfinished = 75
    /// A service or device refused us: bad key, no permission.
    case refused = 77
    /// Configuration is wrong or missing; the text names file, line and key.
    case configuration = 78
    /// Stopped by Ctrl-C twice; the recording is kept.
    case stopped = 130

    /// From bad to worse. 74 before 77 before 75 is the contract; around them, what the person caused or can mend at
    /// once outranks what needs waiting, and what makes all else doubtful outranks both.
    private static let fromBadToWorse: [ExitCode] = [
        .success, .unfinished, .unreachable, .unreadableInput, .noInput, .refused, .configuration, .disk, .usage,
        .defect, .stopped,
    ]

    private var rank: Int { Self.fromBadToWorse.firstIndex(of: self) ?? 0 }

    /// The worse of the two.
    package func combined(with other: ExitCode) -> ExitCode {
        self.rank >= other.rank ? self : other
    }

    /// The worst of all, success if there are none.
    package static func worst(_ codes: some Sequence<ExitCode>) -> ExitCode {
        codes.reduce(.success) { $0.combined(with: $1) }
    }
}
