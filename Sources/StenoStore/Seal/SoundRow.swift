import StenoCore

/// The form in which the sound of a row stands in a recording.
///
/// Unsealed, the checksum of its samples stands in a column of its own. Sealed, it stands before the sound inside the
/// seal: a checksum beside sealed sound would tell whether that is some sound that one has.
enum SoundRow {
    private static let checksumLength = 4

    /// The columns `crc` and `sound`.
    static func columns(
        of row: AudioRow,
        segment: Int64,
        _ seal: RowSeal
    ) throws(StoreError) -> (crc: SQLValue, sound: SQLValue) {
        guard seal.isSealing else { return (SQLValue(row.crc), .bytes(row.sound)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.checksumLength + row.sound.count)
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: row.crc >> shift))
        }
        bytes += row.sound
        let identity = RowIdentity.audio(
            segment: segment,
            position: row.position.frames,
            frames: Int64(row.frames)
        )
        return (.integer(0), .bytes(try seal.seal(bytes, as: identity)))
    }

    /// Hands the checksum and the sound to `body`; `nil` when this is not what was sealed as this row.
    static func withSound<Result>(
        _ bytes: UnsafeRawBufferPointer,
        crc: Int64,
        as row: RowIdentity,
        _ seal: RowSeal,
        _ body: (_ crc: Int64, _ sound: UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard seal.isSealing else { return body(crc, bytes) }
        guard let opened = seal.open(bytes, as: row), opened.count >= Self.checksumLength else { return nil }
        return opened.withUnsafeBytes { opened in
            let crc = opened.loadUnaligned(as: UInt32.self)
            let sound = UnsafeRawBufferPointer(rebasing: opened[Self.checksumLength...])
            return body(Int64(UInt32(littleEndian: crc)), sound)
        }
    }
}
