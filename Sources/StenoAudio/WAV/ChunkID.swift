/// The four characters that name a chunk.
struct ChunkID: Hashable, Sendable {
    let value: UInt32

    init(_ name: StaticString) {
        precondition(name.utf8CodeUnitCount == 4, "a chunk id has four characters")
        self.init(UnsafeRawBufferPointer(start: name.utf8Start, count: 4), at: 0)
    }

    /// - Precondition: four bytes are there.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        self.value = bytes.integer(UInt32.self, at: offset, bigEndian: true)
    }

    static let riff = ChunkID("RIFF")
    static let rifx = ChunkID("RIFX")
    static let rf64 = ChunkID("RF64")
    static let bw64 = ChunkID("BW64")
    static let wave = ChunkID("WAVE")
    static let format = ChunkID("fmt ")
    static let ds64 = ChunkID("ds64")
    static let data = ChunkID("data")

    /// Every id in use consists of printable ASCII.
    var isPlausible: Bool {
        var rest = self.value
        for _ in 0..<4 {
            guard (0x20...0x7E).contains(rest & 0xFF) else { return false }
            rest >>= 8
        }
        return true
    }
}

extension UnsafeRawBufferPointer {
    /// The integer at `offset`, which needs no alignment.
    ///
    /// - Precondition: its bytes are inside the buffer.
    func integer<Value: FixedWidthInteger>(_: Value.Type, at offset: Int, bigEndian: Bool) -> Value {
        let value = self.loadUnaligned(fromByteOffset: offset, as: Value.self)
        return bigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
    }
}
