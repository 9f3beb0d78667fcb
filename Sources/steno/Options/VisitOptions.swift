import ArgumentParser
import Steno

/// Who the note is about. Other users of the machine can see options, so a file is the safer way.
struct VisitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read name, gender, external_id and metadata from this JSON file, which only you can read (mode 0600).",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var visit: String?

    @Option(
        help: ArgumentHelp(
            "Patient's name, of 1 to 100 characters. Other users of this machine can see options; --visit is private.",
            valueName: "name"
        )
    )
    var patient: String?

    @Option(
        help: ArgumentHelp(
            "Patient's gender (default: unidentified). Other users can see options.",
            valueName: "gender"
        )
    )
    var gender: VisitDetails.Gender?

    @Option(
        help: ArgumentHelp(
            "Your own reference for the visit, at most 100 characters. Other users can see options.",
            valueName: "id"
        )
    )
    var externalId: String?

    @Option(help: ArgumentHelp("A further fact; repeatable. Other users can see options.", valueName: "key=value"))
    var meta: [String] = []
}

extension VisitOptions {
    var isEmpty: Bool {
        self.visit == nil && self.patient == nil && self.externalId == nil && self.gender == nil && self.meta.isEmpty
    }

    func check(isUploading: Bool) throws {
        guard isUploading || self.isEmpty else {
            throw ValidationError("The options about the visit are for --upload connectvets, which is missing.")
        }
        guard self.visit == nil || self.patient == nil else {
            throw ValidationError("--visit and --patient both name the patient. Use one of them.")
        }
        guard !isUploading || self.visit != nil || self.patient != nil else {
            throw ValidationError("--upload connectvets needs the patient: --visit FILE.json, or --patient NAME.")
        }
        if let patient = self.patient, !(1...100).contains(patient.count) {
            throw ValidationError("--patient takes a name of 1 to 100 characters.")
        }
        if let id = self.externalId, id.count > 100 {
            throw ValidationError("--external-id takes at most 100 characters.")
        }
        for pair in self.meta where (pair.firstIndex(of: "=") ?? pair.startIndex) == pair.startIndex {
            throw ValidationError("--meta takes KEY=VALUE.")
        }
    }

    /// What was said about the visit; options add to the file.
    func details() throws(SettingsError) -> VisitDetails {
        var details = VisitDetails(name: self.patient ?? "")
        if let path = self.visit { details = try VisitFile.read(path) }
        details.gender = self.gender ?? details.gender
        details.externalID = self.externalId ?? details.externalID
        for pair in self.meta {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            details.metadata.append((String(pair[..<equals]), String(pair[pair.index(after: equals)...])))
        }
        return details
    }
}

extension VisitDetails.Gender: ExpressibleByArgument {}
