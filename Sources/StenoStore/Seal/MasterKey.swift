import Crypto
import Glibc

/// The key of this person or machine, which wraps the keys of recordings and nothing else.
///
/// It cannot be printed: every way of turning it into text gives `‹redacted›`.
struct MasterKey: Sendable {
    static let length = 32
    /// Bytes of `mark`.
    static let markLength = 8

    /// Wraps; derived, so that no two uses share a key.
    let wrapping: SymmetricKey
    /// Tells one master key from another, and says nothing about either.
    let mark: [UInt8]

    /// - Parameter file: what is in its file: 64 hexadecimal digits, which may end with white space, or 32 bytes.
    /// - Returns: `nil` when it is neither, or obviously no key.
    init?(file bytes: [UInt8]) {
        var key = bytes.count == Self.length ? bytes : Self.bytes(ofHexadecimal: bytes)
        defer { key.erase() }
        // What is left of a file after some accidents.
        guard key.count == Self.length, key.contains(where: { $0 != key[0] }) else { return nil }
        self.init(SymmetricKey(data: key))
    }

    private init(_ key: SymmetricKey) {
        self.wrapping = Self.derive("steno wrapping key 1", from: key, length: Self.length)
        self.mark = Self.derive("steno master key mark 1", from: key, length: Self.markLength)
            .withUnsafeBytes { Array($0) }
    }

    /// What is in the file of a new key: text, so that it can be kept on paper.
    static func newFile() -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return SymmetricKey(size: .bits256).withUnsafeBytes { key in
            key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] } + [UInt8(ascii: "\n")]
        }
    }

    private static func derive(_ purpose: StaticString, from key: SymmetricKey, length: Int) -> SymmetricKey {
        let purpose = purpose.withUTF8Buffer { Array($0) }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: purpose, outputByteCount: length)
    }

    /// Empty when there is anything else in it.
    private static func bytes(ofHexadecimal text: [UInt8]) -> [UInt8] {
        let end = text.lastIndex { $0 > UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        guard end == Self.length * 2 else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        for index in stride(from: 0, to: end, by: 2) {
            guard let high = Self.value(of: text[index]), let low = Self.value(of: text[index + 1]) else { return [] }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension MasterKey: CustomStringConvertible, CustomReflectable {
    var description: String { "‹redacted›" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension [UInt8] {
    /// Leaves nothing of a key in memory that is given back.
    mutating func erase() {
        self.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            explicit_bzero(start, bytes.count)
        }
    }
}
