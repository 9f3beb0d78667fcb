import NIOCore
import StenoWire

// `POST /notes` (contract 6.1).
extension ConnectVetsService {
    func create(_ head: HTTPRequestHead, _ upload: NoteUpload?) -> HTTPReply {
        let number = self.desk.count(.creates)
        let fault = self.desk.faults.createFault.value(at: number)
        switch fault {
        case .none, .dropAfterStore, .failsAfterStore, .slow: break
        case .dropBeforeStore: return HTTPReply(status: 500).sent(.cutBefore)
        case .paymentRequired: return self.answer.error(402, "SUBSCRIPTION_INACTIVE", "no active subscription")
        case .lengthRequired: return self.answer.error(411, "LENGTH_REQUIRED", "the length is missing")
        case .tooLarge: return self.tooLarge(number)
        case .refusedFormat: return self.formatError(422, received: "sandbox")
        case .unavailable: return self.answer.error(503, "SERVICE_UNAVAILABLE", "unavailable")
        }
        let audio: NoteUpload.Audio
        switch self.checked(head, upload) {
        case .failure(let refusal): return refusal.reply
        case .success(let checked): audio = checked
        }
        guard audio.size <= self.desk.faults.maxBytes.value(at: number).value else { return self.tooLarge(number) }
        let formatStatus = Int(self.desk.faults.formatStatus.value(at: number).rawValue) ?? 400
        guard let format = AudioFormat(audio.head), self.desk.faults.formats.value(at: number).takes(format) else {
            return self.formatError(formatStatus, received: AudioFormat(audio.head)?.rawValue ?? "unknown")
        }
        if !format.mediaTypes.contains(audio.contentType?.lowercased() ?? "") {
            self.ledger.violated(.connectVets, "6.1", "the part's type is not that of its content")
        }
        let seconds = format.seconds(head: audio.head, size: audio.size)
        if let seconds, seconds > Double(self.desk.faults.maxSeconds.value(at: number).value) {
            return self.answer.error(422, "AUDIO_DURATION_INVALID", "the audio is too long")
        }
        let fields: CreateFields
        var texts = upload?.texts ?? [:]
        if self.desk.faults.requireName.value(at: number) == .no, texts["name"] == nil { texts["name"] = "-" }
        switch CreateFields.read(texts, taking: self.desk.faults.metadataIn.value(at: number)) {
        case .failure(let refusal): return self.refuse("6.1", refusal.reason, 400)
        case .success(let read): fields = read
        }
        for what in fields.oddities { self.ledger.violated(.connectVets, "6.1", what) }
        let note = self.store(fields, audio, format, seconds)
        return self.created(note, number, fault)
    }

    private func created(_ note: StoredNote, _ number: Int, _ fault: ConnectVetsFaults.CreateFault) -> HTTPReply {
        let status = self.desk.faults.createStatus.value(at: number) == .created ? 201 : 200
        let reply = self.answer.success(status, self.answer.note(note, sections: true), isCreate: true)
        switch fault {
        case .dropAfterStore: return reply.sent(.cutBefore)
        case .failsAfterStore: return self.answer.error(500, "INTERNAL_ERROR", "internal error")
        case .slow: return reply.after(.seconds(2))
        case .none, .dropBeforeStore, .paymentRequired, .lengthRequired, .tooLarge, .refusedFormat, .unavailable:
            return reply
        }
    }

    private struct Refusal: Error {
        var reply: HTTPReply
    }

    /// The audio of a form that is well made.
    private func checked(_ head: HTTPRequestHead, _ upload: NoteUpload?) -> Result<NoteUpload.Audio, Refusal> {
        guard case .known = head.bodyLength else {
            return .failure(Refusal(reply: self.refuse("CA-11", "the upload has no known length", 411)))
        }
        guard let upload else {
            let what = "the body is no multipart/form-data with a boundary"
            return .failure(Refusal(reply: self.refuse("6.1", what, 400)))
        }
        guard upload.error == nil, upload.isComplete else {
            let what = upload.error?.reason ?? "the form has no end"
            return .failure(Refusal(reply: self.refuse("6.1", what, 400)))
        }
        for what in upload.violations { self.ledger.violated(.connectVets, "6.1", what) }
        guard
            let audio = upload.audio, audio.size > 0,
            audio.fileName?.isEmpty == false, audio.contentType != nil
        else {
            let what = "there is no audio with a file name and a type"
            return .failure(Refusal(reply: self.refuse("6.1", what, 400, code: "MISSING_AUDIO_FILE")))
        }
        return .success(audio)
    }

    private func tooLarge(_ number: Int) -> HTTPReply {
        self.desk.faults.tooLargeStatus.value(at: number) == .contentTooLarge
            ? self.answer.error(413, "FILE_TOO_LARGE", "the file is too large")
            : self.answer.error(422, "AUDIO_TOO_LARGE", "the audio is too large")
    }

    private func formatError(_ status: Int, received: String) -> HTTPReply {
        self.answer.error(
            status,
            "INVALID_AUDIO_FORMAT",
            "the format is not supported",
            details: ["expected": "WAV, MP3, M4A, FLAC, OGG, WebM", "received": .string(received)]
        )
    }

    private func store(
        _ fields: CreateFields,
        _ audio: NoteUpload.Audio,
        _ format: AudioFormat,
        _ seconds: Double?
    ) -> StoredNote {
        let length = seconds.map { "\(Int(($0 * 1_000).rounded())) ms of " } ?? ""
        let digest = String(audio.digest.value, radix: 16)
        let now = WallTime.secondsSince1970()
        return self.desk.create { id, number in
            var note = StoredNote(
                id: id,
                name: fields.name,
                gender: fields.gender,
                externalID: fields.externalID,
                metadata: fields.metadata,
                audioName: audio.fileName ?? "",
                origin: "\(length)\(format.rawValue) audio, \(audio.size) bytes, digest \(digest)",
                began: self.desk.now,
                createdAt: now,
                updatedAt: now,
                pendingFor: self.configuration.pendingTime,
                processingFor: self.configuration.processingTime,
                outcome: self.desk.faults.outcome.value(at: number),
                labels: self.desk.faults.labelLang.value(at: number)
            )
            note.orderForm = self.desk.faults.orderForm.value(at: number)
            switch self.desk.faults.processingSeconds.value(at: number) {
            case .standard: break
            case .seconds(let time): note.processingFor = .nanoseconds(time.nanoseconds)
            case .neverEnds: note.processingFor = nil
            }
            return note
        }
    }
}

extension ConnectVetsFaults.Formats {
    func takes(_ format: AudioFormat) -> Bool {
        switch self {
        case .all: true
        case .wavOnly: format == .wav
        case .withoutFLAC: format != .flac
        }
    }
}
