/// Says that this process, and in it one worker, hands one recording over to one target: two tries never run at once,
/// whoever makes them.
///
/// A lock of the open file, as the writer's: it ends with the process however it ends, and holds between two workers of
/// one process too.
package final class DeliveryLock: Sendable {
    private let lock: WriterLock

    /// - Throws: `inUse` with the process that is at it.
    package init(_ place: RecordingPlace, target: String) throws(StoreError) {
        let word = target.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "-")
            }
        }
        let file = "\(place.folder)/delivering-\(String(decoding: word.prefix(60), as: UTF8.self))"
        self.lock = try WriterLock(file: file, name: place.id)
    }
}
