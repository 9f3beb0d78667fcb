import Glibc
@testable import StenoEngine

/// A folder with files of the right names and no right content, and a manifest that vouches for them. Gone when freed.
final class EngineFolder {
    let path: String

    init() {
        var template = Array("/tmp/steno-engine-XXXXXX".utf8CString)
        self.path = mkdtemp(&template).map { String(cString: $0) } ?? ""
        for name in EnginePins.sums.keys {
            self.write("not the real one", to: name)
        }
        self.writeManifest()
    }

    deinit {
        for name in EnginePins.sums.keys {
            unlink(self.file(name))
        }
        unlink(self.file(EngineManifest.name))
        rmdir(self.path)
    }

    func file(_ name: String) -> String { self.path + "/" + name }

    func write(_ text: String, to name: String) {
        guard let file = fopen(self.file(name), "w") else { return }
        fputs(text, file)
        fclose(file)
        chmod(self.file(name), 0o600)
    }

    func remove(_ name: String) { unlink(self.file(name)) }

    func writeManifest(sums: [String: String] = EnginePins.sums) {
        var lines = ""
        for (name, sum) in sums {
            var status = stat()
            stat(self.file(name), &status)
            let changed = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            lines += "\(sum) \(status.st_size) \(changed) \(name)\n"
        }
        self.write(lines, to: EngineManifest.name)
    }

    /// Moves the time of the last change by one second.
    func touch(_ name: String) {
        var status = stat()
        stat(self.file(name), &status)
        var times = [status.st_atim, status.st_mtim]
        times[1].tv_sec += 1
        utimensat(AT_FDCWD, self.file(name), times, 0)
    }
}
