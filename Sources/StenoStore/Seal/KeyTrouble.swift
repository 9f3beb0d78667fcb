/// Why a sealed recording cannot be opened, or a new one not be sealed.
package enum KeyTrouble: Error, Hashable, Sendable {
    /// The key of this recording is not among the keys of this machine: it was destroyed, or is on another machine.
    case absent(keys: String)
    /// The key of this recording was wrapped with another master key than the one at `master`.
    case otherMaster(master: String)
    /// The file with the key of this recording is not what was written.
    case damaged(file: String)
    /// There are sealed recordings, so a new master key would only hide that theirs is lost.
    case masterAbsent
    /// Others could have read the file.
    case exposed(mode: UInt32)
    case foreignOwner
    case malformed
    case unreadable(Int32)
    /// Neither a home nor a credential, so there is no place for a master key.
    case nowhere
}

extension KeyTrouble {
    /// For code that must branch. All end with exit code 78.
    var code: StoreError.Code {
        switch self {
        case .absent, .damaged, .masterAbsent: .sealed
        case .otherMaster: .wrongKey
        case .exposed, .foreignOwner, .malformed, .unreadable, .nowhere: .masterKey
        }
    }

    /// What happened, then what to do. The wording is interface: a test pins every line.
    ///
    /// - Parameter name: the recording, or the file of the master key.
    func description(of name: String) -> String {
        switch self {
        case .absent(let keys):
            "'\(name)' is sealed, and its key is not in '\(keys)'. Was it deleted? Else bring the key from where it was made."
        case .otherMaster(let master):
            "'\(name)' is sealed with another master key than '\(master)'. Put back the one that it was made with."
        case .damaged(let file):
            "'\(name)' is sealed, and the file with its key is damaged. Put back '\(file)' from a backup."
        case .masterAbsent:
            "Recordings are sealed with the master key '\(name)', which is not there. Put it back from a backup."
        case .exposed(let mode):
            "Others can read the master key '\(name)' (mode 0\(String(mode, radix: 8))). Run: chmod 600 '\(name)'"
        case .foreignOwner: "The master key '\(name)' belongs to another user. Make it yours with chown."
        case .malformed: "'\(name)' is no master key: 64 hexadecimal digits are expected. Put back the right file."
        case .unreadable(let number): "The master key '\(name)' cannot be read (error \(number)). See whose it is."
        case .nowhere:
            "There is no place for the master key of recordings. Set HOME or XDG_CONFIG_HOME, or give \(name)."
        }
    }
}

extension StoreError {
    init(_ trouble: KeyTrouble, _ name: String) { self.init(.key(trouble), name) }
}
