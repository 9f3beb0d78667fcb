package import StenoHTTP
internal import StenoWire

extension NxVETClient {
    /// As many labels as one record may be made of.
    package static let recordLimit = 5

    /// What is wrong with making one record of these labels, in words for the person; `nil` if nothing is.
    package static func problem(ofCombining labels: [String]) -> String? {
        if labels.isEmpty { return "A record is made of at least one label." }
        if labels.count > Self.recordLimit {
            return "NxVET makes a record of at most \(Self.recordLimit) labels; these are \(labels.count). "
                + "Make several records."
        }
        return Set(labels).count < labels.count ? "A label is named twice." : nil
    }

    package func templates() async throws(ServiceError) -> [MedicalTemplate] {
        try await self.read(self.organisationURL.appending("medical-templates")) { answer in
            Self.rows(answer)?.compactMap { MedicalTemplate($0) }
        }
    }

    /// Attaches a patient, and reads the label back. Repeating it with the same patient changes nothing, so it may be
    /// repeated (NA-18).
    /// - Returns: the label as it is afterwards. Whether it has the patient is for the caller to see (§7.2).
    package func assign(_ label: String, to patient: String) async throws(ServiceError) -> NxVETLabel {
        try await self.read(
            self.labelURL(label).appending("assign"),
            method: .post,
            body: ["patientId": .string(patient)],
            subject: "label or patient"
        ) { _ in () }
        return try await self.label(label)
    }

    /// Makes one record of up to five labels.
    /// - Returns: the id of the new label.
    /// - Throws: `unknownOutcome` when a record may have been made; ``combined(for:since:)`` finds it.
    package func aggregate(
        _ labels: [String],
        patient: String,
        template: String
    ) async throws(ServiceError) -> String {
        if let problem = Self.problem(ofCombining: labels) { throw NxVETErrors.refusal(problem) }
        let url = self.configuration.base.appending("labels", "aggregate")
        // The capitals are the vendor's, here and nowhere else (NC-8).
        let answer = try await self.write(
            url,
            body: [
                "LabelIds": .array(labels.map { .string($0) }),
                "PatientId": .string(patient),
                "MedicalTemplateId": .string(template),
            ]
        )
        if answer.isSuccess {
            let json = answer.json
            if let id = (json?["id"] ?? json?["data"]?["id"])?.opaque, !id.isEmpty { return id }
            throw self.errors.general.unknownOutcome(status: answer.status)
        }
        throw self.writeError(answer, at: url, subject: "label, patient or template")
    }

    /// Has a label's report made anew with another template. 200 and 504 both mean that it has begun (§4.6).
    /// - Throws: `unknownOutcome` when no status came at all: that may be a dead network (NC-12).
    package func regenerate(_ label: String, template: String) async throws(ServiceError) {
        let url = self.labelURL(label).appending("lambda").querying([("medicalTemplateId", template)])
        let answer = try await self.write(url)
        guard !answer.isSuccess, answer.status != 504 else { return }
        throw self.error(answer, at: url, subject: "label or template")
    }

    /// Combined records of this patient that were made since `moment`, give or take what two clocks differ: where a lost
    /// answer may have left one (§7.3).
    package func combined(for patient: String, since moment: NxVETTime) async throws(ServiceError) -> [NxVETLabel] {
        let query = LabelQuery(types: NxVETLabel.combinedTypes, limit: 100)
        return try await self.labels(query).labels.filter { label in
            guard label.patient == nil || label.patient?.id == patient else { return false }
            return label.made.map { $0.milliseconds >= moment.milliseconds - NxVETRange.clockDifference } ?? true
        }
    }

    /// After a write, an error of the service does not say whether it was carried out; a refusal does.
    func writeError(_ answer: HTTPAnswer, at url: ServiceURL, subject: String) -> ServiceError {
        let error = self.error(answer, at: url, subject: subject)
        guard error.reason == .unavailable else { return error }
        return self.errors.general.unknownOutcome(status: answer.status, explanation: error.explanation)
    }
}
