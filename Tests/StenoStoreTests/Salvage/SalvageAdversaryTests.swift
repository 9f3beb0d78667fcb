import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// With many more seeds: `STENO_SALVAGE_SEEDS` and `STENO_SALVAGE_FROM`.
@Suite("Recovering from damaged pages")
struct SalvageAdversaryTests {
    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    @Test("Whatever page is damaged: nothing is wrong, what is lost is told, and the rest is there")
    func pages() throws {
        let fixture = RecordingFixture()
        let recordings = try [(true, true), (true, false), (false, true), (false, false)].map {
            try RichRecording(fixture, isSealed: $0.0, isFinished: $0.1)
        }
        let first = Self.number("STENO_SALVAGE_FROM") ?? 0
        var figures = SalvageFigures()
        for seed in first..<first + (Self.number("STENO_SALVAGE_SEEDS") ?? 60) {
            let recording = recordings[Int(seed % 4)]
            let home = fixture.folder.path("seed-\(seed)")
            let place = try recording.copy(to: home, fixture.vault)
            let damage = try DamagedFile(place, seed: seed)
            let state = DamagedState(recording, place, home: home, damage)
            for problem in state.check() { Issue.record("seed \(seed), \(damage): \(problem)") }
            figures.add(state)
            try PrivateFiles.remove(home, name: "it")
        }
        print("salvage: \(figures)")
        #expect(figures.salvaged * 3 > figures.files && figures.refused * 10 < figures.files)
    }
}

/// A file with garbage in one page or some.
struct DamagedFile: CustomStringConvertible {
    let bytes: [UInt8]
    let log: [UInt8]
    private var words: [String] = []
    var description: String { self.words.joined(separator: ", ") }
    private(set) var pages: [Int] = []

    init(_ place: RecordingPlace, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let path = place.file(part: 1)
        var bytes = PrivateFiles.content(of: path, limit: 1 << 26) ?? []
        self.log = PrivateFiles.content(of: path + "-wal", limit: 1 << 26) ?? []
        for _ in 0..<(random.next() % 4 == 0 ? Int.random(in: 2...4, using: &random) : 1) {
            // Half of them among the few pages that all others hang on.
            let count = bytes.count / 4_096
            let page = Int.random(in: 0..<(Bool.random(using: &random) ? min(16, count) : count), using: &random)
            self.words.append(Self.damage(&bytes, page, using: &random))
            self.pages.append(page)
        }
        self.bytes = bytes
        let file = open(path, O_WRONLY | O_TRUNC)
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count else { throw StoreError(.full, path) }
    }

    private static func damage(_ bytes: inout [UInt8], _ page: Int, using random: inout SplitMix64) -> String {
        let start = page * 4_096
        switch random.next() % 4 {
        case 0:
            for index in start..<start + 4_096 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            return "garbage in page \(page + 1)"
        case 1:
            for index in start..<start + 4_096 { bytes[index] = 0 }
            return "zeros in page \(page + 1)"
        case 2:
            let sector = start + Int.random(in: 0..<8, using: &random) * 512
            for index in sector..<sector + 512 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            return "garbage in 512 bytes at \(sector)"
        default:
            // The beginning of a page tells where everything in it is.
            let byte = start + Int.random(in: 0..<(Bool.random(using: &random) ? 64 : 4_096), using: &random)
            bytes[byte] ^= UInt8.random(in: 1...255, using: &random)
            return "another byte at \(byte)"
        }
    }
}

/// What many damaged files came to.
struct SalvageFigures: CustomStringConvertible {
    private(set) var files = 0
    private(set) var salvaged = 0
    /// Nobody knows any more what they are; nothing was changed.
    private(set) var refused = 0
    private var empty = 0
    private var sound = 0
    private var lost: [Int64] = []

    mutating func add(_ state: DamagedState) {
        self.files += 1
        switch state.outcome {
        case .refused: self.refused += 1
        case .empty: self.empty += 1
        case .untouched: self.sound += 1
        case .salvaged(let frames):
            self.salvaged += 1
            self.lost.append(frames)
        }
    }

    var description: String {
        let mean = self.lost.reduce(0, +) / Int64(max(1, self.lost.count)) * 1_000 / 16_000
        let whole = self.lost.count { $0 == 0 }
        return """
            \(self.files) files, \(self.salvaged) of them salvaged (\(whole) with all of their audio, \(mean) ms lost on \
            average, at most \((self.lost.max() ?? 0) / 16) ms), \(self.sound) left as they are, \(self.empty) set aside \
            whole, \(self.refused) refused
            """
    }
}
