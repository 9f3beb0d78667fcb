/// Why audio cannot be had, and what the person who asked for it can do.
package struct AudioError: Error, Hashable, Sendable {
    /// The kind of failure, for code that must branch. Codes may be added, so a `switch` needs a `default`.
    package struct Code: Hashable, Sendable {
        enum Value { case notFound, notAudio, unreadable, storageRefused, limited, cancelled }
        let value: Value

        /// There is no file of this name that this user may open. Exit code 66.
        package static let notFound = Code(value: .notFound)
        /// The bytes are no audio that can be read. Exit code 65.
        package static let notAudio = Code(value: .notAudio)
        /// It was audio, but the disk or the pipe stopped giving it. Exit code 74.
        package static let unreadable = Code(value: .unreadable)
        /// There is no room for decoded audio, or for a file to be written. Exit code 74.
        package static let storageRefused = Code(value: .storageRefused)
        /// The system gives the process too little to work with. Exit code 78.
        package static let limited = Code(value: .limited)
        /// The reader asked for the end.
        package static let cancelled = Code(value: .cancelled)
    }

    /// What happened exactly; it chooses the words.
    package enum Reason: Hashable, Sendable {
        case missing, folder, notPermitted
        case empty, unknownKind, noFrames, cutInHeader
        case impossibleFormat(rate: Int, channels: Int)
        /// Standard input carries a kind that can only be read from a file, such as `FLAC`.
        case needsFile(kind: String)
        case readFailed
        /// The file became shorter while it was being read.
        case shortened
        /// Nothing can be written there.
        case storage(folder: String)
        /// The system has no thread left for it, or no memory for one.
        case noThread
        case cancelled
    }

    package var reason: Reason
    /// The file exactly as the user wrote it; `-` is standard input.
    package var path: String
    /// The call that failed and what it returned, such as `pread: 5`. For the log, never for the user.
    package var cause: String?

    package init(_ reason: Reason, path: String, cause: String? = nil) {
        self.reason = reason
        self.path = path
        self.cause = cause
    }

    package var code: Code {
        switch self.reason {
        case .missing, .folder, .notPermitted: .notFound
        case .empty, .unknownKind, .noFrames, .cutInHeader, .impossibleFormat, .needsFile: .notAudio
        case .readFailed, .shortened: .unreadable
        case .storage: .storageRefused
        case .noThread: .limited
        case .cancelled: .cancelled
        }
    }

    /// How messages name an input.
    static func name(of path: String) -> String {
        path == "-" ? "Standard input" : "'\(path)'"
    }
}

extension AudioError: CustomStringConvertible {
    /// What happened, then what to do. The wording is interface: a test pins every line.
    package var description: String {
        let name = Self.name(of: self.path)
        return switch self.reason {
        case .missing: "\(name) does not exist. Check the name."
        case .folder: "\(name) is a folder. Name an audio file in it."
        case .notPermitted: "\(name) may not be read by this user. Ask its owner for permission."
        case .empty: "\(name) is empty. There is nothing to recognise."
        case .unknownKind: "\(name) is not audio that can be read. Use WAV, FLAC, OGG, MP3 or AIFF."
        case .noFrames: "\(name) holds no sound. There is nothing to recognise."
        case .cutInHeader: "\(name) ends before its sound begins. Copy it again from where it was made."
        case .impossibleFormat(let rate, let channels):
            "\(name) says it has \(channels) channels at \(rate) Hz, which no recording has. Save it again as WAV."
        case .needsFile(let kind):
            "\(name) carries \(kind), which is only read from a file. Save it and pass the file, or pipe WAV."
        case .readFailed: "\(name) can no longer be read. Check the disk or the program that sends it."
        case .shortened: "\(name) became shorter while it was read. Leave it alone until the end."
        case .storage(let folder):
            "Sound cannot be stored in '\(folder)'. See that the disk has room and may be written to."
        case .noThread:
            "The system gives steno no thread for \(name). Raise its limits, such as 'ulimit -u', 'ulimit -v' or TasksMax=."
        case .cancelled: "Reading \(name) was stopped."
        }
    }
}
