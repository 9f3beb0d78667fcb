import ArgumentParser
import Steno
import StenoJuvoly

extension RecognitionOptions {
    /// The options that are settings too, by the names of the settings.
    var settings: [String: String] {
        var values: [String: String] = [:]
        values["recognition.engine"] = self.engine?.rawValue
        values["recognition.language"] = self.language
        values["juvoly.model"] = self.model
        values["juvoly.uplink"] = self.uplink?.rawValue
        return values
    }

    /// What can be said about the command line alone.
    func check() throws {
        for file in self.output where OutputFormat(fileName: file) == nil {
            throw ValidationError(
                "--output '\(file)' has no suffix that names a format. Use one of \(OutputFormat.suffixes)."
            )
        }
        guard self.output.count == Set(self.output).count else {
            throw ValidationError("--output names the same file twice.")
        }
        guard self.summary.count == Set(self.summary).count else {
            throw ValidationError("--summary names the same kind twice.")
        }
        guard !self.wait || self.upload != nil else {
            throw ValidationError("--wait waits for the note of --upload connectvets, which is missing.")
        }
        if self.engine == .local, self.summary.contains(.soep) {
            throw ValidationError("--summary soep is made by Juvoly, so it does not go with --engine local.")
        }
    }

    /// What depends on which engine the settings chose.
    func checkEngine(_ engine: Settings.Engine, language: String?) throws(Failure) {
        guard engine == .local else { return }
        guard !self.summary.contains(.soep) else {
            throw Failure(.usage, "--summary soep is made by Juvoly, so it does not go with the local engine.")
        }
        guard self.summary.isEmpty && self.upload == nil || language == "en" else {
            throw Failure(
                .usage,
                "The local engine understands English only. Say --language en if that is what is spoken."
            )
        }
    }

    /// Invox writes in the language it is told.
    func checkLanguage(_ language: String?) throws(Failure) {
        guard language == nil, let kind = self.summary.first(where: { $0 != .soep }) else { return }
        throw Failure(.usage, "--summary \(kind.rawValue) needs --language CODE, such as --language en.")
    }

    /// Stands for a sandbox that is not started yet: folders and engine do not depend on where it listens.
    private static let anySandbox = "http://127.0.0.1:1"

    /// The settings in force, with everything checked that can be known before there is any audio.
    func checkedSettings(in program: Program) throws -> Settings {
        let settings = try program.settings(
            self.settings,
            sandbox: self.sandbox?.address ?? self.sandbox.map { _ in Self.anySandbox }
        )
        let recognition = settings.recognition
        try self.checkEngine(recognition.engine.value, language: recognition.language?.value)
        try self.checkLanguage(recognition.language?.value)
        for file in self.output { try AtomicFile.check(file) }
        return settings
    }

    /// What is to be handed over at the end.
    func handover(_ visit: VisitOptions, _ settings: Settings) throws(SettingsError) -> JobHandover {
        let details = self.upload == nil ? nil : try visit.details()
        return JobHandover(
            summaries: self.summary,
            language: settings.recognition.language?.value,
            upload: details.map { NoteUpload(visit: $0, waits: self.wait) }
        )
    }

    var outputFiles: [OutputFile] {
        self.output.compactMap { path in OutputFormat(fileName: path).map { OutputFile(path: path, format: $0) } }
    }

    /// What is asked for beside the transcript.
    var wants: [String] { self.summary.map(\.rawValue) + (self.upload.map { [$0.rawValue] } ?? []) }

    /// As they would be written again.
    var words: [String] {
        var words: [String] = []
        if let engine = self.engine { words += ["--engine", engine.rawValue] }
        if let model = self.model { words += ["--model", model] }
        if let language = self.language { words += ["--language", language] }
        return words + self.summary.flatMap { ["--summary", $0.rawValue] } + self.sandboxWords
    }

    var sandboxWords: [String] { self.sandbox.map { [$0.word] } ?? [] }
}
