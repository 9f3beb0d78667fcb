/// What there is of the keys of one home, for whoever looks after the machine. Looking makes nothing.
package enum VaultState: Hashable, Sendable {
    /// No recording was sealed yet; the first one makes the master key.
    case notMade
    /// - Parameters:
    ///   - keys: recordings whose keys the master key opens.
    ///   - foreign: recordings whose keys were wrapped with another one.
    ///   - damaged: files that are no keys.
    case made(keys: Int, foreign: Int, damaged: Int)
    /// Recordings cannot be sealed or opened.
    case unusable(StoreError)
}

extension RecordingVault {
    package var state: VaultState {
        let files = PrivateFiles.names(in: self.keys).filter(RecordingPlace.isName).map {
            PrivateFiles.content(of: "\(self.keys)/\($0)", limit: RecordingKey.fileLength) ?? []
        }
        do throws(KeyTrouble) {
            let master = try self.master.read()
            let keys = files.filter(RecordingKey.isKey)
            let own = keys.count { RecordingKey.mark(of: $0) == master.mark[...] }
            return .made(keys: own, foreign: keys.count - own, damaged: files.count - keys.count)
        } catch {
            if error == .masterAbsent, case .file = self.master, !self.hasAnyKey { return .notMade }
            return .unusable(StoreError(error, self.master.name))
        }
    }
}
