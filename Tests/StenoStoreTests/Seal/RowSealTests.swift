import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Row seal")
struct RowSealTests {
    private let key = RecordingKey(for: "one")
    private let row = RowIdentity.audio(segment: 0, position: 4_000, frames: 4_000)

    private func open(_ bytes: [UInt8], _ seal: RowSeal, as row: RowIdentity) -> [UInt8]? {
        bytes.withUnsafeBytes { seal.open($0, as: row) }
    }

    @Test("What was sealed opens again, whatever its length, and is never sealed alike twice")
    func roundTrip() throws {
        let seal = RowSeal(self.key, part: 1)
        for length in [0, 1, 15, 16, 17, 4_000, 70_000] {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let sealed = try seal.seal(bytes, as: self.row)
            #expect(sealed.count == length + RowSeal.overhead)
            #expect(self.open(sealed, seal, as: self.row) == bytes)
            #expect(try seal.seal(bytes, as: self.row) != sealed)
        }
    }

    @Test("A row opens as itself alone: another place, table, file, recording or key refuses it")
    func identity() throws {
        let rows: [RowIdentity] = [
            self.row, .audio(segment: 1, position: 4_000, frames: 4_000),
            .audio(segment: 0, position: 0, frames: 4_000),
            .audio(segment: 0, position: 4_000, frames: 3_999), .utterance(id: "1-a", start: 0, frames: 1, flags: 1),
            .utterance(id: "1-b", start: 0, frames: 1, flags: 1), .utterance(id: "1-a", start: 1, frames: 1, flags: 1),
            .utterance(id: "1-a", start: 0, frames: 2, flags: 1), .utterance(id: "1-a", start: 0, frames: 1, flags: 0),
            .information(name: "a"), .information(name: "b"), .meta(key: "a"), .meta(key: ""), .information(name: ""),
        ]
        let seal = RowSeal(self.key, part: 1)
        let strangers = [RowSeal(self.key, part: 2), RowSeal(RecordingKey(for: "one"), part: 1)]
        for row in rows {
            let sealed = try seal.seal([1, 2, 3], as: row)
            for other in rows { #expect(self.open(sealed, seal, as: other) == (row == other ? [1, 2, 3] : nil)) }
            for stranger in strangers { #expect(self.open(sealed, stranger, as: row) == nil) }
        }
    }

    @Test("No two rows have the same authenticated bytes, however their texts are cut")
    func encoding() {
        var seen: Set<[UInt8]> = []
        var count = 0
        for text in ["", "a", "aa", "a\u{1}", "\u{1}\0\0\0\0\0\0\0a", "\u{2}"] {
            for row in [
                RowIdentity.information(name: text), .meta(key: text),
                .utterance(id: text, start: 0, frames: 0, flags: 0),
                .utterance(id: text, start: 1, frames: 0, flags: 0),
            ] {
                var bytes: [UInt8] = []
                row.append(to: &bytes)
                seen.insert(bytes)
                count += 1
            }
        }
        #expect(seen.count == count)
    }

    @Test("Whatever is changed in a sealed row, it does not open, and nothing traps")
    func adversary() throws {
        let seal = RowSeal(self.key, part: 1)
        let sealed = try seal.seal(Array("cough".utf8), as: self.row)
        for seed in UInt64(0)..<1_000 {
            var random = SplitMix64(seed: seed)
            var changed = sealed
            switch Int.random(in: 0..<4, using: &random) {
            case 0: changed.removeLast(Int.random(in: 1...changed.count, using: &random))
            case 1: changed.append(UInt8.random(in: 0...255, using: &random))
            case 2:
                changed[Int.random(in: 0..<changed.count, using: &random)] ^=
                    1 << UInt8.random(in: 0..<8, using: &random)
            default:
                changed = (0..<Int.random(in: 0..<60, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            }
            #expect(self.open(changed, seal, as: self.row) == nil, "seed \(seed)")
        }
    }

    @Test("Without a seal bytes stay as they are; without the key nothing is written or read")
    func withoutKey() throws {
        #expect(try RowSeal.none.seal([1], as: self.row) == [1])
        #expect(self.open([1], .none, as: self.row) == [1])
        let trouble = StoreError(.absent(keys: "/keys"), "one")
        let locked = RowSeal.locked(trouble)
        #expect(throws: trouble) { try locked.seal([1], as: self.row) }
        #expect(self.open(try RowSeal(self.key, part: 1).seal([1], as: self.row), locked, as: self.row) == nil)
    }
}
