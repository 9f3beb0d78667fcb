import Glibc

extension RecordingLibrary {
    /// What nobody writes now and not everything is done for, oldest first. Cheap enough for every start: a recording
    /// that is complete costs one look for its mark. What cannot be read is left out; `verify` finds it.
    package func unfinished() -> [RecordingInfo] {
        self.incomplete().filter { info in
            if case .running = info.state { return false }
            return true
        }
    }

    /// What is being written now.
    package func running() -> [RecordingInfo] {
        self.incomplete().filter { info in
            if case .running = info.state { return true }
            return false
        }
    }

    /// The newest recording of the same content that is not complete, made in the same way.
    package func resumable(content: String, engine: String, model: String?, realm: String) -> RecordingPlace? {
        let found = self.unfinished().last { info in
            let description = info.description
            return description.content == content && description.engine == engine && description.model == model
                && description.realm == realm
        }
        return found.flatMap { try? RecordingPlace(id: $0.folderName, in: self.recordings, vault: self.vault) }
    }

    private func incomplete() -> [RecordingInfo] {
        PrivateFiles.names(in: self.recordings).compactMap { name in
            guard let place = try? RecordingPlace(id: name, in: self.recordings, vault: self.vault),
                !place.isMarkedComplete, place.exists, let info = try? RecordingInfo(place)
            else { return nil }
            guard info.state == .finished, info.isComplete else { return info }
            // Made before there were marks, or the mark was lost with the power.
            place.markIfComplete()
            return nil
        }
    }
}

extension RecordingInfo {
    /// The folder's own name: it may have been renamed.
    fileprivate var folderName: String { String(self.folder.split(separator: "/").last ?? "") }
}

extension RecordingPlace {
    /// An empty file that says that everything is done, so that nobody has to open the recording to know.
    private var completeMark: String { "\(self.folder)/complete" }

    var isMarkedComplete: Bool { access(self.completeMark, F_OK) == 0 }

    /// Puts the mark again. Held meanwhile, so that nobody begins to write it between the look and the mark.
    fileprivate func markIfComplete() {
        guard let lock = try? WriterLock(self) else { return }
        defer { withExtendedLifetime(lock) {} }
        guard let info = try? RecordingInfo(self), info.state == .finished, info.isComplete else { return }
        try? self.mark(isComplete: true)
    }

    /// Put after the recording says so itself, and taken away before it says otherwise: it may be absent, never wrong.
    func mark(isComplete: Bool) throws(StoreError) {
        if isComplete {
            let descriptor = open(self.completeMark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 { close(descriptor) }
        } else if unlink(self.completeMark) == 0 {
            PrivateFiles.settle(self.folder)
        } else if errno != ENOENT {
            throw StoreError(errno: errno, self.id, call: "unlink")
        }
    }
}
