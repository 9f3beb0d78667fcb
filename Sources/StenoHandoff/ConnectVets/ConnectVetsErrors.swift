internal import StenoHTTP

/// Says what an answer of ConnectVets means for the person.
struct ConnectVetsErrors {
    let general = ServiceErrors(
        service: "ConnectVets",
        addressSetting: "CONNECTVETS_BASE_URL",
        keySettings: "CONNECTVETS_API_KEY"
    )

    /// For every status that is not a success.
    ///
    /// - Parameter isNote: the address names a note.
    func error(
        _ answer: HTTPAnswer,
        at url: ServiceURL,
        isNote: Bool = false,
        secondsSince1970: Int64
    ) -> ServiceError {
        let problem = ConnectVetsProblem(answer)
        let delay =
            answer.status == 429 || problem.meaning == .throttled
            ? problem.delay(answer, secondsSince1970: secondsSince1970) : nil
        guard let meaning = problem.meaning ?? Self.meaning(ofStatus: answer.status, isNote: isNote) else {
            return self.general.status(answer, at: url, retryAfter: delay, explanation: problem.text)
        }
        let verdict = Self.verdict(meaning)
        return ServiceError(
            verdict.reason,
            service: self.general.service,
            status: answer.status,
            retryAfter: delay,
            message: "\(verdict.what) (\(answer.status)). \(verdict.advice)",
            explanation: problem.text
        )
    }

    /// Where the status alone says more than in general.
    private static func meaning(ofStatus status: Int, isNote: Bool) -> ConnectVetsProblem.Meaning? {
        switch status {
        case 400 where isNote: .badID
        case 404 where isNote: .notFound
        case 402: .payment
        case 413: .tooLarge
        default: nil
        }
    }

    private static func verdict(
        _ meaning: ConnectVetsProblem.Meaning
    ) -> (reason: ServiceError.Reason, what: String, advice: String) {
        switch meaning {
        case .key:
            (.refused, "ConnectVets refused the API key", "Check CONNECTVETS_API_KEY; sandbox and production differ.")
        case .permission:
            (.refused, "The ConnectVets API key does not permit this", "Ask their team for write permission.")
        case .payment:
            (.refused, "The ConnectVets subscription has ended or its quota is used up", "Ask their team.")
        case .notFound:
            (.rejected, "ConnectVets has no such note, or not for this API key", "Check the note's id.")
        case .noSection:
            (.rejected, "ConnectVets has no such section any more", "Read the note again: steno notes show.")
        case .badID: (.rejected, "ConnectVets has no note of this id", "Check the note's id.")
        case .badInput:
            (.rejected, "ConnectVets did not accept the data of the note", "Check name, external id and metadata.")
        case .tooLarge:
            (
                .rejected, "ConnectVets finds the recording too large",
                "Lower connectvets.max-bytes; it is sent in parts then."
            )
        case .format: (.rejected, "ConnectVets does not accept this audio format", "Set another: connectvets.format.")
        case .duration:
            (
                .rejected, "ConnectVets finds the recording too short or too long",
                "Lower connectvets.max-duration if it is long."
            )
        case .quality:
            (.rejected, "ConnectVets finds the sound too poor to transcribe", "Check the microphone and its level.")
        case .throttled: (.throttled, "ConnectVets asks to wait", "Try again later.")
        case .transient: (.unavailable, "ConnectVets is out of order", "Try again later.")
        }
    }
}
