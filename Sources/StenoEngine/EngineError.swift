/// Why the embedded engine cannot be used, and what the person can do about it.
package struct EngineError: Error, Hashable, Sendable {
    /// The kind of failure, for code that must branch.
    package enum Code: Hashable, Sendable {
        /// There is no engine in the folder.
        case notInstalled
        /// A file is missing, was changed since it was checked, or belongs to another version of steno.
        case different
        /// Others than its owner and root could have changed a file.
        case writableByOthers
        /// The library would not load, or would not take the model.
        case refused
        /// Audio came after the end of the stream was announced.
        case finished
    }

    package var code: Code
    /// The folder or file, as a path.
    package var path: String
    /// What the system or the library said. For the log.
    package var cause: String?

    package init(_ code: Code, path: String, cause: String? = nil) {
        self.code = code
        self.path = path
        self.cause = cause
    }
}

extension EngineError: CustomStringConvertible {
    /// What happened, then what to do. The wording is interface: a test pins every line.
    package var description: String {
        switch self.code {
        case .notInstalled:
            "The embedded speech engine is not installed in \"\(self.path)\". Run 'scripts/setup --engine'."
        case .different:
            "\"\(self.path)\" is not the file of the speech engine that this steno needs. Run 'scripts/setup --engine'."
        case .writableByOthers:
            "\"\(self.path)\" can be changed by other users, so the speech engine in it is not loaded. "
                + "Take that permission away with 'chmod go-w'."
        case .refused:
            "The speech engine in \"\(self.path)\" does not run on this machine. Run 'scripts/setup --engine --check'."
        case .finished:
            "The recogniser was already told that the audio had ended."
        }
    }
}
