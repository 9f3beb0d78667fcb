import Crypto

/// The key that the rows of one recording are sealed with. It lies wrapped with the master key, outside the recording:
/// without it the recording cannot be read any more, wherever copies of it are.
///
/// ```
/// 1 byte   version, 1
/// 8 bytes  the mark of the master key
/// 60 bytes the key, sealed with AES-256-GCM: nonce, 32 bytes, tag; the id of the recording is authenticated with it
/// ```
///
/// It cannot be printed: every way of turning it into text gives `‹redacted›`.
struct RecordingKey: Sendable {
    /// The length of its file.
    static let fileLength = 1 + MasterKey.markLength + 60
    private static let version: UInt8 = 1

    let id: String
    let key: SymmetricKey

    /// A new key.
    init(for id: String) {
        self.id = id
        self.key = SymmetricKey(size: .bits256)
    }

    /// - Throws: `otherMaster`, or `damaged` when the file is not what was written for this recording.
    init(file: [UInt8], path: String, id: String, master: MasterKey, name: String) throws(KeyTrouble) {
        guard Self.isKey(file) else { throw .damaged(file: path) }
        guard Self.mark(of: file) == master.mark[...] else { throw .otherMaster(master: name) }
        guard let box = try? AES.GCM.SealedBox(combined: file[(1 + MasterKey.markLength)...]),
            let key = try? AES.GCM.open(box, using: master.wrapping, authenticating: Self.identity(of: id))
        else { throw .damaged(file: path) }
        self.id = id
        self.key = SymmetricKey(data: key)
    }

    /// What is in its file.
    func wrapped(with master: MasterKey) throws(StoreError) -> [UInt8] {
        let identity = Self.identity(of: self.id)
        do {
            let box = try self.key.withUnsafeBytes {
                try AES.GCM.seal($0, using: master.wrapping, authenticating: identity)
            }
            return [Self.version] + master.mark + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw StoreError(.failing, self.id, cause: "wrap")
        }
    }

    static func isKey(_ file: [UInt8]) -> Bool { file.count == Self.fileLength && file[0] == Self.version }

    /// - Precondition: it is a key.
    static func mark(of file: [UInt8]) -> ArraySlice<UInt8> { file[1..<1 + MasterKey.markLength] }

    private static func identity(of id: String) -> [UInt8] { Array("steno recording key 1 \(id)".utf8) }
}

extension RecordingKey: CustomStringConvertible, CustomReflectable {
    var description: String { "‹redacted›" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
