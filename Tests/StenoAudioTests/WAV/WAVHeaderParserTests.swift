import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("WAV header parser")
struct WAVHeaderParserTests {
    private static let plain = WAVFixture(Signal.indexed(0..<100))

    /// Parses `bytes` as a file would be parsed.
    private func parse(_ bytes: [UInt8]) -> WAVHeaderParser.Step {
        var parser = WAVHeaderParser()
        var step = parser.next
        var reads = 0
        while case .read(let offset, let count) = step {
            let start = Int(min(offset, Int64(bytes.count)))
            let piece = bytes[start..<min(bytes.count, start + count)]
            step = Array(piece).withUnsafeBytes { parser.received($0) }
            reads += 1
            #expect(reads < 10_000)
            guard reads < 10_000 else { break }
        }
        return step
    }

    private func header(_ fixture: WAVFixture) -> WAVHeader? {
        guard case .finished(let header) = self.parse(fixture.bytes) else { return nil }
        return header
    }

    @Test("A plain file gives its format, and where and how long its samples are")
    func plain() {
        #expect(
            self.header(Self.plain)
                == WAVHeader(encoding: .integer16, channels: 1, rate: 16_000, dataOffset: 44, declaredBytes: 200)
        )
    }

    @Test(
        "Each way of writing samples is told apart, also in the extensible form",
        arguments: [
            (1, 8, .integer8), (1, 12, .integer16), (1, 16, .integer16), (1, 24, .integer24), (1, 32, .integer32),
            (3, 32, .float32), (3, 64, .float64), (6, 8, .aLaw), (7, 8, .muLaw), (2, 4, .other(tag: 2)),
            (3, 16, .other(tag: 3)),
        ] as [(UInt16, UInt16, WAVHeader.Encoding)]
    )
    func encodings(tag: UInt16, bits: UInt16, encoding: WAVHeader.Encoding) {
        for isExtensible in [false, true] {
            let fixture = Self.plain.with {
                $0.tag = tag
                $0.bits = bits
                $0.isExtensible = isExtensible
            }
            #expect(self.header(fixture)?.encoding == encoding)
        }
    }

    @Test("Chunks around the format are skipped, padded or not")
    func chunks() {
        for isPadded in [true, false] {
            let odd = WAVFixture.Chunk("LIST", Array(repeating: 65, count: 13), isPadded: isPadded)
            let header = self.header(
                Self.plain.with {
                    $0.chunksBeforeFormat = [.init("JUNK", Array(repeating: 0, count: 28)), odd]
                    $0.chunksBeforeData = [odd, .init("bext", Array(repeating: 0, count: 602)), .init("junk", [])]
                }
            )
            #expect(header?.encoding == .integer16)
            #expect(header?.declaredBytes == 200)
        }
    }

    @Test("A big-endian file is read with its own byte order")
    func bigEndian() {
        let header = self.header(
            Self.plain.with {
                $0.form = "RIFX"
                $0.rate = 44_100
                $0.channels = 2
            }
        )
        #expect(header?.isBigEndian == true)
        #expect(header?.rate == 44_100)
        #expect(header?.bytesPerFrame == 4)
        #expect(header?.declaredBytes == 200)
    }

    @Test("RF64 and BW64 take the size from ds64", arguments: ["RF64", "BW64"])
    func longSizes(form: String) {
        let size = UInt64(5) << 32
        let content = WAVFixture.bytes(UInt64(0)) + WAVFixture.bytes(size) + WAVFixture.bytes(UInt64(0)) + [0, 0, 0, 0]
        let header = self.header(
            Self.plain.with {
                $0.form = form
                $0.chunksBeforeFormat = [.init("ds64", content)]
                $0.dataSize = .wrong(.max)
            }
        )
        #expect(header?.declaredBytes == Int64(size))
    }

    @Test("A size of all ones is no size")
    func unknownSize() {
        let header = self.header(Self.plain.with { $0.dataSize = .wrong(.max) })
        #expect(header != nil)
        #expect(header?.declaredBytes == nil)
    }

    @Test("The format may stand behind the samples")
    func formatLast() {
        let plain = Self.plain.bytes
        let data = Array(plain[36...])
        let bytes = Array(plain[..<12]) + data + Array(plain[12..<36])
        let expected = WAVHeader(
            encoding: .integer16,
            channels: 1,
            rate: 16_000,
            dataOffset: 20,
            declaredBytes: 200
        )
        #expect(self.parse(bytes) == .finished(expected))
    }

    @Test("Counts that no recording has are refused")
    func impossible() {
        for (channels, rate) in [(0, 16_000), (65, 16_000), (1, 0), (2, 768_001)] {
            let fixture = Self.plain.with {
                $0.channels = UInt16(channels)
                $0.rate = UInt32(rate)
            }
            #expect(self.parse(fixture.bytes) == .rejected(.impossibleFormat(rate: rate, channels: channels)))
        }
    }

    @Test("A file cut anywhere before its samples is refused, and never read past its end")
    func cutAnywhere() {
        let bytes = Self.plain.bytes
        for length in 0..<44 {
            let step = self.parse(Array(bytes[..<length]))
            #expect(step == .rejected(length < 4 ? .notWAV : .cutOff), "\(length) bytes")
        }
    }

    @Test("Other files are not WAV")
    func notWAV() {
        #expect(self.parse(Array("hello, this is a letter and no sound".utf8)) == .rejected(.notWAV))
        #expect(self.parse(Array("RIFF\0\0\0\0AVI LIST".utf8)) == .rejected(.notWAV))
    }

    @Test("A file of endless empty chunks is given up on")
    func endlessChunks() {
        let junk = Array("RIFF\0\0\0\0WAVE".utf8) + (0..<5_000).flatMap { _ in Array("JUNK\0\0\0\0".utf8) }
        #expect(self.parse(junk) == .rejected(.tooManyChunks))
    }

    @Test("Damaged headers never trap, and what is accepted is possible")
    func survivesDamage() {
        let plain = Self.plain.with { $0.chunksBeforeData = [.init("LIST", [1, 2, 3])] }.bytes
        for seed in UInt64(0)..<2_000 {
            var random = SplitMix64(seed: seed)
            var bytes = plain
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<70, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if case .finished(let header) = self.parse(bytes) {
                #expect(
                    (1...64).contains(header.channels) && (1_000...768_000).contains(header.rate),
                    "seed \(seed)"
                )
                #expect(header.dataOffset >= 20, "seed \(seed)")
            }
        }
    }
}
