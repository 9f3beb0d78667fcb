import ArgumentParser
import Glibc
import StenoHandoff

/// A time on the command line.
struct NxVETMoment: ExpressibleByArgument, Sendable {
    let time: NxVETTime

    init(_ time: NxVETTime) { self.time = time }

    /// Epoch milliseconds, or ISO 8601, where no offset means the time of this place.
    init?(argument: String) {
        if let number = Int64(argument) {
            // Fewer digits are seconds, which a person may have taken for what is asked.
            guard number >= 100_000_000_000, let time = NxVETTime(milliseconds: number) else { return nil }
            self.time = time
        } else {
            guard let time = NxVETTime(iso: argument, offset: Self.localOffset) else { return nil }
            self.time = time
        }
    }

    /// Seconds east of UTC when clocks here show `local`, which is counted as if it were UTC.
    private static func localOffset(_ local: Int64) -> Int64 {
        var seconds = time_t(local)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        parts.tm_isdst = -1
        return local - Int64(mktime(&parts))
    }
}

/// `--from` and `--to`.
struct NxVETRangeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where it begins: ISO 8601 or epoch milliseconds.", valueName: "time"))
    var from: NxVETMoment

    @Option(help: ArgumentHelp("Where it ends.", valueName: "time"))
    var to: NxVETMoment

    var range: NxVETRange { NxVETRange(from: self.from.time, to: self.to.time) }

    func check(for use: NxVETRange.Use) throws {
        if let problem = self.range.problem(for: use) { throw ValidationError(problem) }
    }
}
