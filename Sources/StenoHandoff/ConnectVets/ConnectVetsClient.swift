package import StenoCore
package import StenoHTTP
internal import StenoWire

/// Makes notes from recordings at ConnectVets and reads them back.
///
/// The API key goes to the configured host and nowhere else. Reads are repeated by the rules of §8; a note is made at
/// most once, see ``create(_:)``.
package struct ConnectVetsClient: Sendable {
    package struct Configuration: Sendable {
        /// `…/notes/v1`, with or without the last slash.
        package var base: ServiceURL
        package var apiKey: Secret
        package var limits: AudioLimits
        /// For one upload (§11.1).
        package var uploadTimeLimit: Duration
        /// For every other call.
        package var callTimeLimit: Duration
        /// Between two looks at the state of a note in the first two minutes. The service asks for 5 s; only a stand-in
        /// on this machine may be asked more often.
        package var pollInterval: Duration

        package init(
            base: ServiceURL,
            apiKey: Secret,
            limits: AudioLimits = AudioLimits(),
            uploadTimeLimit: Duration = .seconds(600),
            callTimeLimit: Duration = .seconds(30),
            pollInterval: Duration = .seconds(5)
        ) {
            self.base = base
            self.apiKey = apiKey
            self.limits = limits
            self.uploadTimeLimit = uploadTimeLimit
            self.callTimeLimit = callTimeLimit
            self.pollInterval = base.isLoopback ? pollInterval : max(pollInterval, .seconds(5))
        }
    }

    let configuration: Configuration
    let transport: HTTPTransport
    let time: Timekeeper
    let errors = ConnectVetsErrors()
    /// Shared by all copies of this client.
    let memory = ConnectVetsMemory()

    package init(_ configuration: Configuration, transport: HTTPTransport, time: Timekeeper = .system) {
        self.configuration = configuration
        self.transport = transport
        self.time = time
    }

    /// The note with its sections.
    package func note(_ id: String) async throws(ServiceError) -> ConnectVetsNote {
        let url = self.notes.appending(id)
        let answer = try await self.read(url, isNote: true)
        guard let note = answer.json.flatMap({ ConnectVetsNote.enveloped($0) }) else {
            throw self.errors.general.unreadable(answer, at: url)
        }
        return note
    }

    /// Where the note is, and whether its content was checked; `isValid` is `nil` when the answer does not say.
    package func status(of id: String) async throws(ServiceError) -> (status: NoteStatus, isValid: Bool?) {
        let url = self.notes.appending(id, "status")
        let answer = try await self.read(url, isNote: true, isLimited: false)
        return try self.decodeStatus(answer, at: url)
    }

    var notes: ServiceURL { self.configuration.base.appending("notes") }

    /// One look at the state, without repetition: the waiting loop has its own pace.
    func statusOnce(of id: String) async throws(ServiceError) -> (status: NoteStatus, isValid: Bool?) {
        let url = self.notes.appending(id, "status")
        let answer = try await self.send(
            HTTPRequest(.get, url, timeLimit: self.configuration.callTimeLimit),
            isNote: true,
            isLimited: false
        )
        return try self.decodeStatus(answer, at: url)
    }

    private func decodeStatus(
        _ answer: HTTPAnswer,
        at url: ServiceURL
    ) throws(ServiceError) -> (status: NoteStatus, isValid: Bool?) {
        guard let content = answer.json.flatMap({ ConnectVetsNote.content($0) }),
            let text = content["status"]?.string ?? content["transcription_status"]?.string
        else { throw self.errors.general.unreadable(answer, at: url) }
        return (NoteStatus(text), content["valid"]?.bool)
    }

    /// A call that changes nothing: repeated up to five times, 429 after the asked delay, other trouble after 2, 4, 8 …
    /// seconds (§8, CC-15).
    func read(
        _ url: ServiceURL,
        isNote: Bool = false,
        isLimited: Bool = true
    ) async throws(ServiceError) -> HTTPAnswer {
        let request = HTTPRequest(.get, url, timeLimit: self.configuration.callTimeLimit)
        return try await self.patient.run(self.time) { () throws(ServiceError) in
            try await self.send(request, isNote: isNote, isLimited: isLimited)
        }
    }

    /// Five tries in all, spread by up to a tenth.
    var patient: RetrySchedule {
        let chance = self.time.chance
        return RetrySchedule { error, attempt in
            guard error.isTransient, attempt < 5 else { return nil }
            let delay = error.retryAfter ?? RetrySchedule.doubling(.seconds(2), attempt: attempt)
            return delay * (1 + chance() / 10)
        }
    }

    /// One attempt, in its turn.
    ///
    /// - Parameters:
    ///   - mayAct: from when on the service may have done what it was asked; reads change nothing.
    ///   - isNote: the address names a note, so that a 404 without a word is about the note.
    ///   - isLimited: all calls but status are (CC-19).
    func send(
        _ request: HTTPRequest,
        mayActFrom mayAct: ServiceErrors.PointOfNoReturn = .never,
        isNote: Bool = false,
        isLimited: Bool = true
    ) async throws(ServiceError) -> HTTPAnswer {
        if isLimited { try await self.memory.turn(self.time) }
        var request = request
        request.headers = self.headers
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(request)
        } catch {
            throw self.errors.general.failure(error, at: request.url, mayActFrom: mayAct)
        }
        if isLimited { self.memory.heard(answer, self.time) }
        guard answer.isSuccess else {
            let error = self.errors.error(
                answer,
                at: request.url,
                isNote: isNote,
                secondsSince1970: self.time.secondsSince1970()
            )
            if isLimited, error.reason == .throttled, let delay = error.retryAfter {
                self.memory.throttled(for: delay, self.time)
            }
            // A write that ended with an error of the far side may have been carried out all the same.
            guard mayAct != .never, error.reason == .unavailable else { throw error }
            throw self.errors.general.unknownOutcome(status: answer.status, explanation: error.explanation)
        }
        return answer
    }

    var headers: [(name: String, value: String)] {
        [(name: "accept", value: "application/json"), (name: "x-api-key", self.configuration.apiKey.reveal { $0 })]
    }
}
