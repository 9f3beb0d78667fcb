extension ScriptedSession {
    /// Largest session file.
    package static let fileLimit = 8 << 20

    /// Reads a session file, and the audio it names beside it.
    ///
    /// - Throws: `SandboxError` with file and line.
    package init(path: String) throws(SandboxError) {
        let file = String(path.split(separator: "/").last ?? "")
        let name = file.hasSuffix(".session") ? String(file.dropLast(8)) : file
        guard let text = String(validating: try FileBytes.read(path, limit: Self.fileLimit), as: UTF8.self) else {
            throw SandboxError("\(path): the file is no UTF-8.")
        }
        let parser = try ScriptParser.parse(text, file: path, name: name)
        self = parser.session
        if let audio = parser.audioPath {
            let folder = path.hasPrefix("/") || path.contains("/") ? String(path.dropLast(file.utf8.count)) : ""
            self.audio = try ScriptedAudio(path: audio.hasPrefix("/") ? audio : folder + audio)
        }
    }

    /// Reads a session that names no audio from text.
    ///
    /// - Throws: `SandboxError` with line.
    package init(_ text: String, name: String = "session") throws(SandboxError) {
        let parser = try ScriptParser.parse(text, file: name, name: name)
        guard parser.audioPath == nil else {
            throw SandboxError("\(name): a session that is not read from a file cannot name audio.")
        }
        self = parser.session
    }
}
