package import StenoHTTP
internal import StenoWire

/// How an upload ended, as far as anybody can know.
package enum UploadOutcome: Sendable {
    case created(ConnectVetsNote)
    /// The request left and no answer came that can be trusted, so a note may or may not exist. Search for the mark; do
    /// not send again. The error says what happened.
    case unknown(DeliveryMark, ServiceError)
}

extension ConnectVetsClient {
    /// Sends the recording and makes a note of it.
    ///
    /// Repeated only while it is certain that no note was made: no byte of the body had left, or the service asked to
    /// wait (429). From the first byte on, a lost answer, a 5xx or a success without an id is
    /// ``UploadOutcome/unknown``.
    /// - Throws: everything that is certainly not a note: limits, refusals, an unreachable service, a missing file.
    ///
    /// - Parameter tries: at most so many; 1 for who has a patience of his own.
    package func create(_ upload: NoteUpload, tries: Int = 5) async throws(ServiceError) -> UploadOutcome {
        try upload.check()
        let file = try Self.open(upload.audioPath)
        try self.configuration.limits.check(bytes: file.length, duration: upload.duration)
        let request = self.request(upload, file: file)
        let schedule = tries > 1 ? self.patient : RetrySchedule { _, _ in nil }
        return try await schedule.run(self.time) { () throws(ServiceError) in
            try await self.attempt(request, mark: upload.mark)
        }
    }

    private static func open(_ path: String) throws(ServiceError) -> BodyFile {
        do throws(BodyFileError) {
            return try BodyFile(path: path)
        } catch {
            throw ServiceError(
                .misconfigured,
                service: "ConnectVets",
                message: error.isMissing
                    ? "The audio file for ConnectVets is not there." : "The audio file for ConnectVets cannot be read."
            )
        }
    }

    /// Parts and their order as documented (§6.1); metadata as an array of pairs (CC-5).
    private func request(_ upload: NoteUpload, file: BodyFile) -> HTTPRequest {
        let own = NoteUpload.Metadata(key: DeliveryMark.metadataKey, value: upload.mark.delivery)
        let metadata = JSONValue.array(
            (upload.metadata + [own]).map { ["key": .string($0.key), "value": .string($0.value)] }
        )
        var form = MultipartForm(boundary: MultipartForm.randomBoundary())
        form.add("name", upload.name)
        form.add("external_id", upload.mark.externalID)
        form.add("gender", upload.gender.rawValue)
        form.add("metadata", metadata.serialized())
        var body = form.body(file: file, named: "audio", fileName: "recording.wav", type: "audio/wav")
        if let onProgress = upload.onProgress {
            let total = body.length
            body.onProgress = { onProgress($0, total) }
        }
        return HTTPRequest(
            .post,
            self.notes,
            headers: self.headers,
            body: body,
            timeLimit: self.configuration.uploadTimeLimit
        )
    }

    private func attempt(_ request: HTTPRequest, mark: DeliveryMark) async throws(ServiceError) -> UploadOutcome {
        try await self.memory.turn(self.time)
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(request)
        } catch {
            let failure = self.errors.general.failure(error, at: request.url, mayActFrom: .firstByte)
            guard failure.reason == .unknownOutcome else { throw failure }
            return .unknown(mark, failure)
        }
        self.memory.heard(answer, self.time)
        // Any 2xx is a success (CC-16), but without an id nobody knows of what.
        if answer.isSuccess {
            if let note = answer.json.flatMap({ ConnectVetsNote.enveloped($0) }) { return .created(note) }
            return .unknown(mark, self.errors.general.unknownOutcome(status: answer.status))
        }
        let error = self.errors.error(answer, at: request.url, secondsSince1970: self.time.secondsSince1970())
        if error.reason == .throttled, let delay = error.retryAfter { self.memory.throttled(for: delay, self.time) }
        guard error.reason == .unavailable || answer.status >= 500 else { throw error }
        return .unknown(
            mark,
            self.errors.general.unknownOutcome(status: answer.status, explanation: error.explanation)
        )
    }
}
