import Glibc
package import StenoStore

extension RecordingVault {
    /// The keys of a home. The sandbox's folder inside it has keys of its own and the same master key.
    ///
    /// - Parameter home: as `Settings.Storage.home`.
    package init(home: String, _ input: SettingsInput) {
        let isSandbox = home.hasSuffix("/sandbox")
        let other = isSandbox ? String(home.dropLast("/sandbox".count)) : SettingsInput.joined(home, "sandbox")
        self.init(home: home, master: input.masterKey, others: [other])
    }
}

extension SettingsInput {
    /// Where the master key of recordings is: the credential that the service manager hands over, else a file in the
    /// configuration folder.
    package var masterKey: MasterKeyPlace {
        if let folder = self.variable("CREDENTIALS_DIRECTORY") {
            let path = Self.joined(folder, MasterKeyPlace.credentialName)
            // One that is there and cannot be read is told, not passed over.
            if access(path, F_OK) == 0 || errno == EACCES { return .credential(path) }
        }
        guard let folder = self.configurationFolder else { return .nowhere }
        return .file(Self.joined(folder, MasterKeyPlace.fileName))
    }
}
