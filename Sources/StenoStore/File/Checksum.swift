/// CRC-32 (IEEE 802.3) of the decoded samples of a row. FLAC's own checksum guards the bytes as they were written;
/// this one also finds a fault on the way from samples to bytes and back.
enum Checksum {
    static func of(_ samples: UnsafeBufferPointer<Int16>) -> UInt32 {
        var crc = UInt32.max
        self.table.withUnsafeBufferPointer { table in
            for sample in samples {
                let bits = UInt32(UInt16(bitPattern: sample))
                crc = table[Int((crc ^ bits) & 0xFF)] ^ (crc >> 8)
                crc = table[Int((crc ^ (bits >> 8)) & 0xFF)] ^ (crc >> 8)
            }
        }
        return ~crc
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
