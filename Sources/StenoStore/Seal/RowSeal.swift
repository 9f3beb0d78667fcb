import Crypto
import GRDB

/// Seals what a person said, or what is about them, on its way into one file of a recording, and opens it on its way
/// out.
///
/// A sealed value is a nonce of 12 bytes, as many bytes as there were, and a tag of 16. Nonces are random: the 2³² values
/// that one key may seal are 34 years of audio.
struct RowSeal: Sendable {
    /// What sealing adds, in bytes.
    static let overhead = 28
    /// In the table `meta`. Interface.
    static let sealedName = "aes-256-gcm"
    static let unsealedName = "none"

    private enum Form {
        /// Everything is stored as it is.
        case none
        case key(SymmetricKey)
        /// It is sealed, and this is why it cannot be opened.
        case locked(StoreError)
    }

    private let form: Form
    /// What is the same for every row of the file.
    private let identity: [UInt8]

    /// For a recording that is not sealed.
    static let none = RowSeal(.none, identity: [])

    /// For a recording that is sealed and whose key is not needed: nothing sealed can be written or read.
    static func locked(_ trouble: StoreError) -> RowSeal { RowSeal(.locked(trouble), identity: []) }

    private init(_ form: Form, identity: [UInt8]) {
        self.form = form
        self.identity = identity
    }

    /// - Parameter part: the number of the file among those of the recording.
    init(_ key: RecordingKey, part: Int) {
        var identity: [UInt8] = [1]
        identity.append(text: key.id)
        identity.append(number: Int64(part))
        self.init(.key(key.key), identity: identity)
    }

    /// None without a key.
    static func some(_ key: RecordingKey?, part: Int) -> RowSeal { key.map { RowSeal($0, part: part) } ?? .none }

    var isSealing: Bool {
        if case .none = self.form { false } else { true }
    }
    /// Why nothing can be opened; `nil` when it can.
    var trouble: StoreError? {
        if case .locked(let trouble) = self.form { trouble } else { nil }
    }
    var name: String { self.isSealing ? Self.sealedName : Self.unsealedName }

    func seal(_ bytes: [UInt8], as row: RowIdentity) throws(StoreError) -> [UInt8] {
        let key: SymmetricKey
        switch self.form {
        case .none: return bytes
        case .locked(let trouble): throw trouble
        case .key(let some): key = some
        }
        do {
            let box = try AES.GCM.seal(bytes, using: key, authenticating: self.authenticated(row))
            guard let combined = box.combined else { throw StoreError(.failing, Self.sealedName, cause: "seal") }
            return Array(combined)
        } catch {
            throw StoreError(.failing, Self.sealedName, cause: "seal")
        }
    }

    /// - Returns: `nil` when this is not what was sealed as this row.
    func open(_ bytes: UnsafeRawBufferPointer, as row: RowIdentity) -> [UInt8]? {
        let key: SymmetricKey
        switch self.form {
        case .none: return Array(bytes)
        case .locked: return nil
        case .key(let some): key = some
        }
        guard let box = try? AES.GCM.SealedBox(combined: bytes),
            let opened = try? AES.GCM.open(box, using: key, authenticating: self.authenticated(row))
        else { return nil }
        return Array(opened)
    }

    private func authenticated(_ row: RowIdentity) -> [UInt8] {
        var bytes = self.identity
        bytes.reserveCapacity(bytes.count + 64)
        row.append(to: &bytes)
        return bytes
    }
}
