/// Why a recording cannot be kept, opened or removed, and what the person who asked can do.
package struct StoreError: Error, Hashable, Sendable {
    /// The kind of failure, for code that must branch. Codes may be added, so a `switch` needs a `default`.
    package struct Code: Hashable, Sendable {
        enum Value { case disk, unfinished, foreign, unknown, usage, sealed, wrongKey, masterKey }
        let value: Value

        /// The disk refused: full, read-only, failing, gone. Exit code 74.
        package static let disk = Code(value: .disk)
        /// A program is writing it now. Exit code 75.
        package static let unfinished = Code(value: .unfinished)
        /// The file is no recording, or one that this program does not understand. Exit code 65.
        package static let foreign = Code(value: .foreign)
        /// There is no such recording. Exit code 66.
        package static let unknown = Code(value: .unknown)
        /// More than one recording is meant. Exit code 64.
        package static let usage = Code(value: .usage)
        /// It is sealed and its key is not here. Exit code 78.
        package static let sealed = Code(value: .sealed)
        /// It is sealed with another key. Exit code 78.
        package static let wrongKey = Code(value: .wrongKey)
        /// The master key may not be used as it is. Exit code 78.
        package static let masterKey = Code(value: .masterKey)
    }

    /// What happened exactly; it chooses the words.
    package enum Reason: Hashable, Sendable {
        case full, notPermitted, gone, failing
        /// The process that holds it, when it could be told.
        case inUse(process: Int32?)
        /// Made by a newer program.
        case newer(schema: Int)
        case notARecording
        case unknown
        case ambiguous(count: Int)
        case exists
        case key(KeyTrouble)
    }

    package var reason: Reason
    /// The recording or folder, as a person knows it.
    package var name: String
    /// The call that failed and what it returned, such as `sqlite: 1034`. For the log, never for the user.
    package var cause: String?

    package init(_ reason: Reason, _ name: String, cause: String? = nil) {
        self.reason = reason
        self.name = name
        self.cause = cause
    }

    package var code: Code {
        switch self.reason {
        case .full, .notPermitted, .gone, .failing, .exists: .disk
        case .inUse: .unfinished
        case .newer, .notARecording: .foreign
        case .unknown: .unknown
        case .ambiguous: .usage
        case .key(let trouble): trouble.code
        }
    }

    /// The same file may take the same bytes later: nothing about it is in doubt.
    var isTransient: Bool {
        switch self.reason {
        case .full, .inUse: true
        case .notPermitted, .gone, .failing, .newer, .notARecording, .unknown, .ambiguous, .exists, .key: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What happened, then what to do. The wording is interface: a test pins every line.
    package var description: String {
        switch self.reason {
        case .full: "There is no room for '\(self.name)'. Free some space on that disk."
        case .notPermitted: "'\(self.name)' may not be written to. See whose it is and whether the disk is read-only."
        case .gone: "'\(self.name)' was removed while it was in use. Leave the folder of recordings alone."
        case .failing: "The disk under '\(self.name)' fails. Keep what is on it, and replace it."
        case .inUse(let process?): "'\(self.name)' is being written by process \(process). Wait until it has ended."
        case .inUse(nil): "'\(self.name)' is in use by another program. Wait until it has ended."
        case .newer(let schema):
            "'\(self.name)' was made by a newer steno (format \(schema)). It can be read; to change it, use that steno."
        case .notARecording: "'\(self.name)' is no recording of steno. Name one that 'steno recordings list' shows."
        case .unknown: "There is no recording '\(self.name)'. List them with 'steno recordings list'."
        case .ambiguous(let count): "\(count) recordings begin with '\(self.name)'. Give more of the id."
        case .exists: "A recording '\(self.name)' is there already. Nothing is ever written over it."
        case .key(let trouble): trouble.description(of: self.name)
        }
    }
}
