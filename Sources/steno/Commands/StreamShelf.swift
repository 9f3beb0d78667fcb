import Steno
import StenoAudio
import StenoCore
import StenoStore

/// Where the recordings of `stream` are kept: goes on with one that was left unfinished, or begins a new one.
struct StreamShelf {
    /// 10 s of audio in one commit, where there is so much at once.
    private static let rowsPerCommit = 40

    let library: RecordingLibrary
    /// `nil`: new recordings are not sealed.
    let vault: RecordingVault?
    let settings: Settings
    let isSandbox: Bool
    /// What was asked for beside the transcript.
    let wants: [String]
    /// Look for a recording to go on with.
    let resumes: Bool
    /// Hand over what has a note already.
    let again: Bool
    let handover: JobHandover
    /// Options that choose the same service again.
    let options: [String]
    /// Options that lead to the same recordings again.
    let words: [String]

    /// - Parameter unfinished: of the library.
    /// - Throws: when another process recognises the same recording now, or it cannot be gone on with.
    func job(for input: StreamInput, unfinished: [RecordingInfo]) async throws -> RecordedJob {
        guard input.origin != .piped else { return try self.begin(input, content: nil) }
        guard self.resumes else { return try await self.beginAfresh(input, content: nil) }
        // What a file holds has to be read whole, so it is only waited for when there is something to compare it with.
        let running = self.library.running().filter(self.isAlike)
        guard !running.isEmpty || unfinished.contains(where: self.isAlike) else {
            return try await self.beginAfresh(input, content: nil)
        }
        guard let content = await input.content() else { return try self.begin(input, content: nil) }
        for info in running where info.description.content == content.digest {
            guard case .running(let process) = info.state else { continue }
            throw Failure(.unfinished, Self.busy(input.file, process))
        }
        let description = self.description
        let place = self.library.resumable(
            content: content.digest,
            engine: description.engine,
            model: description.model,
            realm: description.realm
        )
        guard let place else { return try await self.beginAfresh(input, content: content) }
        do {
            let writer = try RecordingWriter(resuming: place, commitEvery: Self.rowsPerCommit)
            return try self.goOn(with: place, writer, input)
        } catch let error as StoreError {
            if case .inUse(let process) = error.reason { throw Failure(.unfinished, Self.busy(input.file, process)) }
            var job = try self.begin(input, content: content)
            job.notices.append("What was kept of it before is of no use: \(error) It is recognised from the beginning.")
            return job
        }
    }

    private static func busy(_ file: String, _ process: Int32?) -> String {
        let who = process.map { "process \($0)" } ?? "another process"
        return "'\(file)' is being recognised by \(who). Wait until it has ended, or give --no-resume."
    }

    /// A job like this one, whatever it is about.
    private func isAlike(_ info: RecordingInfo) -> Bool {
        let (one, other) = (info.description, self.description)
        return one.content != nil && one.engine == other.engine && one.model == other.model && one.realm == other.realm
    }

    private var description: RecordingDescription {
        RecordingDescription(
            id: RecordingID.make(),
            begun: WallClock.now(),
            engine: self.settings.recognition.engine.value.rawValue,
            model: self.settings.juvoly.model.value,
            realm: self.settings.realm(isSandboxed: self.isSandbox),
            source: .file,
            program: StenoVersion.current
        )
    }
}

extension StreamShelf {
    /// What has a note already gets no other one by itself.
    ///
    /// - Throws: `AlreadyDelivered` with the note.
    private func beginAfresh(_ input: StreamInput, content: FileContent?) async throws -> RecordedJob {
        let target = ConnectVetsDelivery.name
        guard !self.again, self.handover.asked.contains(target),
            let realm = self.settings.deliveryRealm(of: target, isSandboxed: self.isSandbox),
            !self.library.places().isEmpty
        else { return try self.begin(input, content: content) }
        var known = content
        if known == nil { known = await input.content() }
        if let digest = known?.digest,
            let done = self.library.delivered(content: digest, target: target, realm: realm)
        {
            throw AlreadyDelivered(target: target, note: done.note)
        }
        return try self.begin(input, content: known)
    }

    /// - Parameter content: if it is known already; else it is found out beside the recognition.
    private func begin(_ input: StreamInput, content: FileContent?) throws -> RecordedJob {
        var description = self.description
        description.wants = ["transcript"] + self.wants
        description.source = input.origin == .piped ? .stdin : .file
        let (library, vault, begun) = (self.library, self.vault, description)
        let (file, origin) = (input.file, input.origin)
        let deliveries = self.handover.fresh(self.settings, isSandboxed: self.isSandbox, recording: begun.realm)
        let recording = try JobRecording(input.source, from: origin, id: begun.id) { () throws(StoreError) in
            var description = begun
            let content = content ?? (origin == .piped ? nil : (try? FileContent(of: file)) ?? nil)
            description.content = content?.digest
            description.reference = origin == .referenced ? content.map(RecordedFile.init) : nil
            let writer = try RecordingWriter(
                description,
                in: library.recordings,
                vault: vault,
                commitEvery: Self.rowsPerCommit
            )
            // What is to be handed over at the end stands in the recording from its beginning.
            try DeliveryBook(writer.place).store(deliveries)
            return writer
        }
        let place = try RecordingPlace(id: begun.id, in: self.library.recordings, vault: self.vault)
        return self.job(input, recording, place, RecordingMemory(), self.handover)
    }

    /// - Parameter writer: holds the lock, so that nobody else adds to what is remembered.
    private func goOn(
        with place: RecordingPlace,
        _ writer: RecordingWriter,
        _ input: StreamInput
    ) throws -> RecordedJob {
        let memory = try RecordingReader(place).memory()
        let recording: JobRecording
        do throws(AudioError) {
            recording = try JobRecording(input.source, from: input.origin, id: place.id) { writer }
        } catch {
            throw StoreError(.failing, place.id, cause: error.cause)
        }
        var handover = self.handover
        try handover.settle(
            in: DeliveryBook(place),
            self.settings,
            isSandboxed: self.isSandbox,
            again: self.again,
            refusesDone: false
        )
        var job = self.job(input, recording, place, memory, handover)
        let known = ClockText.text(memory.coverage.sent.end?.seconds ?? 0)
        job.notices.append("Going on with the recording \(place.id), of which \(known) was recognised before.")
        return job
    }

    private func job(
        _ input: StreamInput,
        _ recording: JobRecording,
        _ place: RecordingPlace,
        _ memory: RecordingMemory,
        _ handover: JobHandover
    ) -> RecordedJob {
        RecordedJob(
            header: RecordingHeader(
                id: place.id,
                source: input.file,
                frames: input.source.totalFrames,
                engine: self.settings.recognition.engine.value.rawValue,
                isSandbox: self.isSandbox
            ),
            name: input.file == "-" ? "Standard input" : "'\(input.file)'",
            source: input.source,
            memory: memory,
            recording: recording,
            place: place,
            library: self.library,
            finishing: input.origin == .piped
                ? .deliver([place.id], options: self.options) : .stream(input.file, options: self.options),
            words: self.words,
            handover: handover
        )
    }
}

extension RecordedFile {
    init(_ content: FileContent) {
        self.init(path: content.path, bytes: content.bytes, modified: content.modified, content: content.digest)
    }
}
