import Glibc
import Steno
import StenoStore

extension Doctor {
    /// Whether recordings can be sealed and opened. A lost master key is found out here and not when it is needed.
    static func key(_ vault: RecordingVault, isSealing: Bool) -> Finding {
        let subject = "key"
        let (path, unsealed) = (vault.master.name, isSealing ? "" : " New recordings are not sealed (storage.seal).")
        switch vault.state {
        case .notMade:
            return .note(
                subject,
                "no master key yet. The first recording makes '\(path)': keep a copy elsewhere.\(unsealed)"
            )
        case .unusable(let error): return .bad(subject, error.description, .configuration)
        case .made(let keys, let foreign, let damaged):
            guard foreign == 0, damaged == 0 else {
                let other =
                    foreign > 0 ? "keys of another master key than '\(path)': \(foreign). " : ""
                let broken = damaged > 0 ? "damaged keys in '\(vault.keys)': \(damaged). " : ""
                return .bad(subject, "\(other)\(broken)Put back the right files from a backup.", .configuration)
            }
            let backup = "Keep a copy of both elsewhere: without them no sealed recording can be read."
            return (isSealing ? Finding.good : Finding.note)(
                subject,
                "'\(path)' opens what is in '\(vault.keys)': \(keys == 1 ? "1 key" : "\(keys) keys"). \(backup)\(unsealed)"
            )
        }
    }

    /// Whether recordings are private; how many there are.
    static func recordings(_ library: RecordingLibrary) -> Finding {
        let subject = "recordings"
        for folder in [library.recordings, library.vault?.keys].compactMap(\.self) {
            var status = stat()
            guard stat(folder, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            return .bad(subject, "others can look into '\(folder)'. Run: chmod 700 '\(folder)'", .configuration)
        }
        let count = library.places().count
        return .good(subject, "\(count == 1 ? "1 is" : "\(count) are") kept in '\(library.recordings)'")
    }

    /// Whether the lines about what was deleted are as they were written. Nothing was, as a rule.
    static func audit(_ library: RecordingLibrary) -> [Finding] {
        let subject = "audit log"
        do throws(StoreError) {
            guard let state = try library.auditState() else { return [] }
            let lines = state.lines == 1 ? "1 line" : "\(state.lines) lines"
            guard let broken = state.broken else { return [.good(subject, "\(lines), as they were written")] }
            let path = "\(library.home)/audit.log"
            return [
                .bad(subject, "line \(broken) of '\(path)' does not follow the one before: it was changed.", .disk)
            ]
        } catch {
            return [.bad(subject, error.description, ExitCode(error))]
        }
    }
}
