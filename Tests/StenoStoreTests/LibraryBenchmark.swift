import Glibc
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// Opt-in: `STENO_BENCHMARK=1`; `STENO_BENCHMARK_RECORDINGS=100000` for more than 10,000 of them.
///
/// The recordings are names of a few files, so that a hundred thousand of them can be made; what is measured is the cost
/// of looking, with everything in memory.
@Suite("Library benchmark", .enabled(if: getenv("STENO_BENCHMARK") != nil), .serialized)
struct LibraryBenchmark {
    /// A file system allows only so many names of one file.
    private static let namesOfOneFile = 20_000

    private let fixture = RecordingFixture()

    private static var most: Int {
        getenv("STENO_BENCHMARK_RECORDINGS").flatMap { Int(String(cString: $0)) } ?? 10_000
    }

    /// Folders that look like finished recordings, up to number `end`.
    private func fill(_ range: Range<Int>) throws {
        for number in range {
            let folder = "\(self.fixture.recordings)/20261122-004100-\(100_000_000 + number)"
            let original = "\(self.fixture.folder.path)/originals/\(number / Self.namesOfOneFile)"
            if access("\(original)/recording.sqlite", F_OK) != 0 {
                try PrivateFiles.makeFolder("\(self.fixture.folder.path)/originals")
                rename(try self.fixture.recorded("original", frames: 16_000).folder, original)
            }
            guard mkdir(folder, 0o700) == 0, link("\(original)/recording.sqlite", "\(folder)/recording.sqlite") == 0,
                link("\(original)/complete", "\(folder)/complete") == 0
            else { throw StoreError(errno: errno, folder, call: "link") }
        }
    }

    private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let time = try ContinuousClock().measure(body)
        return (Double(time.components.seconds) * 1e3 + Double(time.components.attoseconds) / 1e15).rounded()
    }

    @Test("What a start looks at costs less than 200 ms with 10,000 recordings, and grows with their number only")
    func start() throws {
        let library = RecordingLibrary(home: self.fixture.folder.path)
        var made = 0
        for count in [1_000, 10_000, 100_000] where count <= Self.most {
            try self.fill(made..<count)
            made = count
            var (unfinished, found, listed) = (0, 0, 0)
            // The first look brings the names into memory.
            let looking = [0, 1].map { _ in self.milliseconds { unfinished = library.unfinished().count } }
            let finding = self.milliseconds { found = library.places().count }
            let listing = self.milliseconds {
                listed = library.places().prefix(1_000).count { (try? RecordingInfo($0)) != nil }
            }
            print(
                "\(count) recordings: start \(looking[0]) ms and \(looking[1]) ms, names \(finding) ms, list of \(listed) \(listing) ms"
            )
            #expect(unfinished == 0 && found == count && listed == 1_000)
            #expect(looking[1] < Double(max(200, count / 50)))
        }
    }
}
