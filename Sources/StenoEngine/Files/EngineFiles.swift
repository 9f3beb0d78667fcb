import Glibc

/// The engine's files in one folder, found to be those that `scripts/setup` verified.
///
/// The library ends the whole process when it reads a damaged file, so nothing is handed to it that differs from what was
/// hashed when it was installed. Size and time of the last change stand in for the sum here: hashing 78 MB would take
/// longer than loading them.
package struct EngineFiles: Hashable, Sendable {
    /// Absolute, links resolved.
    package let folder: String

    /// Finds the engine in `folder`.
    ///
    /// - Throws: `notInstalled`, `different` or `writableByOthers`.
    package static func locate(in folder: String) throws(EngineError) -> EngineFiles {
        guard let resolved = realpath(folder, nil) else { throw EngineError(.notInstalled, path: folder) }
        defer { free(resolved) }
        let files = EngineFiles(folder: String(cString: resolved))
        try files.refuseIfWritable(files.folder)
        let manifest = try files.manifest()
        for name in EnginePins.sums.keys.sorted() {
            try files.check(name, against: manifest)
        }
        return files
    }

    /// Where `scripts/setup` puts the engine: in the data folder, by `STENO_HOME`, `XDG_DATA_HOME` or `HOME`.
    ///
    /// `nil` when none of them is set.
    package static func defaultFolder(environment: (String) -> String?) -> String? {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        var folders: [String] = []
        if let home = value("STENO_HOME") { folders.append(home + "/engine") }
        // The XDG rules say that a relative path is to be ignored.
        if let data = value("XDG_DATA_HOME"), data.hasPrefix("/") { folders.append(data + "/steno/engine") }
        if let home = value("HOME") { folders.append(home + "/.local/share/steno/engine") }
        // The engine is the same for every home, so one that is installed elsewhere for this user is as good.
        return folders.first { access("\($0)/\(EngineManifest.name)", R_OK) == 0 } ?? folders.first
    }

    func path(_ name: String) -> String { self.folder + "/" + name }

    private func manifest() throws(EngineError) -> EngineManifest {
        let path = self.path(EngineManifest.name)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw EngineError(.notInstalled, path: self.folder, cause: "\(path): \(errno)") }
        defer { close(file) }
        try self.refuseIfWritable(path)
        var bytes = [UInt8](repeating: 0, count: EngineManifest.maximumSize)
        // Far shorter than a page on any file system this runs on, so that one read takes it all.
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let manifest = EngineManifest(parsing: String(decoding: bytes[..<count], as: UTF8.self)) else {
            throw EngineError(.different, path: path)
        }
        return manifest
    }

    private func check(_ name: String, against manifest: EngineManifest) throws(EngineError) {
        let path = self.path(name)
        try self.refuseIfWritable(path)
        var status = stat()
        guard let entry = manifest.entries[name], entry.sum == EnginePins.sums[name], stat(path, &status) == 0,
            Int64(status.st_size) == entry.size,
            Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec) == entry.changed
        else { throw EngineError(.different, path: path) }
    }

    /// Code is run from here: what another user may write is not loaded. A file that is not there is not refused.
    private func refuseIfWritable(_ path: String) throws(EngineError) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        let isOurs = status.st_uid == geteuid() || status.st_uid == 0
        guard isOurs, status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw EngineError(.writableByOthers, path: path)
        }
    }
}
