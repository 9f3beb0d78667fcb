import Steno
import StenoAudio
import StenoCore
import StenoStore

/// Takes a stored recording up again.
struct DeliverOpening {
    let place: RecordingPlace
    let info: RecordingInfo
    let library: RecordingLibrary
    let command: DeliverCommand
    let handover: JobHandover
    let spoolFolder: String

    /// - Throws: when somebody writes it now, or its audio is not there.
    func job() async throws -> RecordedJob {
        // The lock first: nobody else may add to what is remembered.
        let writer = try RecordingWriter(resuming: self.place)
        do {
            return try await self.job(writer)
        } catch {
            try? writer.conclude(isComplete: self.info.isComplete)
            throw error
        }
    }

    private func job(_ writer: RecordingWriter) async throws -> RecordedJob {
        let reader = try RecordingReader(self.place)
        let known = try reader.memory()
        let isAgain = self.command.aim.isHeardAgain
        let memory = isAgain ? RecordingMemory() : known
        let stored = StoredAudio(reader, stored: writer.durable, expected: known.coverage.total)
        let (source, origin) = try await self.source(stored)
        let shared = SharedSource(source)
        let recording = try JobRecording(
            shared,
            from: origin,
            id: self.place.id,
            replacing: isAgain ? known.utterances.map(\.id) : nil,
            wasComplete: self.info.isComplete
        ) { writer }
        var job = RecordedJob(
            header: StoredEvents.header(self.info),
            name: "'\(self.place.id)'",
            source: shared,
            memory: memory,
            recording: recording,
            place: self.place,
            library: self.library,
            finishing: .deliver([self.place.id], options: self.words),
            words: self.words,
            handover: self.handover
        )
        job.header.frames = source.totalFrames
        job.release = { stored.close() }
        if job.isRecognised, self.command.aim.to == [.transcript] {
            job.notices.append("Everything in \(self.place.id) has its text already. --again has it recognised anew.")
        }
        return job
    }

    private var words: [String] {
        let again = self.command.aim.again && self.command.aim.to.contains(.transcript) ? ["--again"] : []
        return again + (self.command.recognition.sandbox.map { [$0.word] } ?? []) + self.command.common.words
    }

    /// The recording's own audio, or the file that it refers to, while that is what it was.
    private func source(_ stored: StoredAudio) async throws -> (any SampleSource, AudioOrigin) {
        guard let file = self.info.description.reference else { return (stored, .stored) }
        if await FileContent.isUnchanged(file) {
            return (try AudioFile.open(file.path, spoolFolder: self.spoolFolder), .referenced)
        }
        guard self.info.hasAudio else {
            throw Failure(
                .noInput,
                "The audio of '\(self.place.id)' is in '\(file.path)', which is not there any more or was changed."
            )
        }
        return (stored, .stored)
    }
}
