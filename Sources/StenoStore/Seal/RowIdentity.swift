/// What a sealed row is: where it stands, and whatever stands beside its content unsealed. A row that was moved to
/// another place, another recording or another table does not open there.
enum RowIdentity: Hashable, Sendable {
    case audio(segment: Int64, position: Int64, frames: Int64)
    case utterance(id: String, start: Int64, frames: Int64, flags: Int64)
    case information(name: String)
    case meta(key: String)
    case delivery(id: String, target: String, realm: String, column: String)

    /// Unambiguous: the first byte says what follows, numbers have 8 bytes, and a text comes after its length.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .audio(let segment, let position, let frames):
            bytes.append(1)
            for number in [segment, position, frames] { bytes.append(number: number) }
        case .utterance(let id, let start, let frames, let flags):
            bytes.append(2)
            for number in [start, frames, flags] { bytes.append(number: number) }
            bytes.append(text: id)
        case .information(let name):
            bytes.append(3)
            bytes.append(text: name)
        case .meta(let key):
            bytes.append(4)
            bytes.append(text: key)
        case .delivery(let id, let target, let realm, let column):
            bytes.append(5)
            for text in [id, target, realm, column] { bytes.append(text: text) }
        }
    }
}

extension [UInt8] {
    /// Least significant byte first.
    mutating func append(number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { self.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    mutating func append(text: String) {
        self.append(number: Int64(text.utf8.count))
        self += text.utf8
    }
}
