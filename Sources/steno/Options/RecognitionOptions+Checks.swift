import ArgumentParser
import Glibc
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
            throw ValidationError("--output '\(file)' has no suffix that names a format. Use one of \(OutputFormat.suffixes).")
        }
        guard self.summary.count == Set(self.summary).count else {
            throw ValidationError("--summary names the same kind twice.")
        }
        let hasVisit = self.visit.visit != nil || self.visit.patient != nil || self.visit.externalId != nil
            || self.visit.gender != nil || !self.visit.meta.isEmpty
        guard self.upload != nil || !hasVisit else {
            throw ValidationError("The options about the visit are for --upload connectvets, which is missing.")
        }
        guard self.visit.visit == nil || self.visit.patient == nil else {
            throw ValidationError("--visit and --patient both name the patient. Use one of them.")
        }
        guard self.upload == nil || self.visit.visit != nil || self.visit.patient != nil else {
            throw ValidationError("--upload connectvets needs the patient: --visit FILE.json, or --patient NAME.")
        }
        if self.engine == .local, self.summary.contains(.soep) {
            throw ValidationError("--summary soep is made by Juvoly, so it does not go with --engine local.")
        }
    }

    /// What depends on which engine the settings chose.
    func checkEngine(_ engine: Settings.Engine, language: String?) throws {
        guard engine == .local else { return }
        if self.summary.contains(.soep) {
            throw Failure(.usage, "--summary soep is made by Juvoly, so it does not go with the local engine.")
        }
        if !self.summary.isEmpty || self.upload != nil, language != "en" {
            throw Failure(.usage, "The local engine understands English only. Say --language en if that is what is spoken.")
        }
    }

    var outputFiles: [(path: String, format: OutputFormat)] {
        self.output.compactMap { path in OutputFormat(fileName: path).map { (path, $0) } }
    }

    /// Who the note is about; `nil` when none is asked for.
    func visitDetails() throws -> VisitDetails? {
        guard self.upload != nil else { return nil }
        var details = VisitDetails(name: self.visit.patient ?? "")
        if let path = self.visit.visit { details = try VisitFile.read(path) }
        if let gender = self.visit.gender {
            guard let known = VisitDetails.Gender(rawValue: gender) else {
                throw Failure(.usage, "--gender is male, female or unidentified.")
            }
            details.gender = known
        }
        details.externalID = self.visit.externalId ?? details.externalID
        for pair in self.visit.meta {
            guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                throw Failure(.usage, "--meta takes KEY=VALUE.")
            }
            details.metadata.append((String(pair[..<equals]), String(pair[pair.index(after: equals)...])))
        }
        return details
    }
}
