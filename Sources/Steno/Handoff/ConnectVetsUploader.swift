import Glibc
package import StenoAudio
import StenoCore
import StenoHandoff
package import StenoHTTP

/// Hands a recording over to ConnectVets: one upload, never repeated when its outcome is not known.
package struct ConnectVetsUploader: NoteUploading {
    private let client: ConnectVetsClient
    private let settings: Settings

    /// - Throws: when there is no key.
    package init(_ settings: Settings, transport: HTTPTransport) throws(SettingsError) {
        guard let key = settings.connectVets.apiKey else {
            throw SettingsError("CONNECTVETS_API_KEY is not set, so no note can be made. Set it, or try --sandbox.")
        }
        self.settings = settings
        self.client = ConnectVetsClient(
            ConnectVetsClient.Configuration(
                base: settings.connectVets.baseURL.value,
                apiKey: key.value,
                // Only one page of the vendor names a shortest length, so the service decides (CC-27); we only warn.
                limits: AudioLimits(
                    bytes: Int64(settings.connectVets.maxBytes.value),
                    shortest: .zero,
                    longest: settings.connectVets.maxDuration.value
                ),
                uploadTimeLimit: settings.connectVets.uploadTimeout.value,
                pollInterval: settings.connectVets.baseURL.value.isLoopback ? .milliseconds(200) : .seconds(5)
            ),
            transport: transport
        )
    }

    package func upload(
        _ upload: NoteUpload,
        _ source: any SampleSource,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        let length = Duration.seconds(source.progress.available.seconds)
        if length < self.settings.connectVets.minDuration.value {
            tell(.warning("The recording is shorter than ConnectVets recommends; it may refuse it."))
        }
        let file: TemporaryRecording
        do throws(AudioError) {
            file = try TemporaryRecording(of: source, in: self.settings.storage.home.value + "/spool")
        } catch {
            tell(.delivery(Self.report(.failed, reason: error.description)))
            return ExitCode(error)
        }
        defer { file.remove() }
        tell(.delivery(Self.report(.sending)))
        do throws(ServiceError) {
            return try await self.send(file.path, upload, length, tell)
        } catch {
            let state: DeliveryReport.State = error.reason == .refused ? .refused : .failed
            tell(.delivery(Self.report(state, reason: error.message)))
            // The audio is where it was; only the hand-off is open.
            return error.reason == .refused ? .refused : error.reason == .misconfigured ? .configuration : .unfinished
        }
    }

    private func send(
        _ path: String,
        _ upload: NoteUpload,
        _ length: Duration,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) async throws(ServiceError) -> ExitCode {
        let mark = DeliveryMark.fresh(externalID: upload.visit.externalID)
        let outcome = try await self.client.create(
            StenoHandoff.NoteUpload(
                name: upload.visit.name,
                gender: .init(rawValue: upload.visit.gender.rawValue) ?? .unidentified,
                metadata: upload.visit.metadata.map { .init(key: $0.key, value: $0.value) },
                mark: mark,
                audioPath: path,
                duration: length
            )
        )
        switch outcome {
        case .unknown(let mark, let error):
            let advice =
                "\(error.message) Nothing was sent again. Look for the note with steno_delivery \(mark.delivery)."
            tell(.delivery(Self.report(.unknown, reason: advice)))
            return .unfinished
        case .created(let note):
            guard upload.waits else {
                tell(.delivery(Self.report(.done, id: note.id)))
                return .success
            }
            tell(.delivery(Self.report(.processing, id: note.id)))
            return try await self.wait(for: note.id, length, tell)
        }
    }

    private func wait(
        for id: String,
        _ length: Duration,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) async throws(ServiceError) -> ExitCode {
        let limit = self.settings.connectVets.wait.value
        switch try await self.client.wait(for: id, limit: limit, recording: length) {
        case .completed(let note, let isValid):
            if !isValid { tell(.warning("ConnectVets flags the note for review.")) }
            let sections = note.sections.map { DeliveryReport.Section(title: $0.title, text: $0.content) }
            tell(.delivery(DeliveryReport(target: "connectvets", state: .done, noteID: id, sections: sections)))
            return .success
        case .failed:
            tell(.delivery(Self.report(.failed, id: id, reason: "ConnectVets could not process the recording.")))
            return .unfinished
        case .stillProcessing:
            let reason = "ConnectVets still works on the note. It will be there under this id."
            tell(.delivery(Self.report(.processing, id: id, reason: reason)))
            return .unfinished
        }
    }

    private static func report(
        _ state: DeliveryReport.State,
        id: String? = nil,
        reason: String? = nil
    ) -> DeliveryReport {
        DeliveryReport(target: "connectvets", state: state, noteID: id, reason: reason)
    }
}

/// A recording as a WAV file that lives as long as an upload needs it.
private struct TemporaryRecording {
    let path: String

    init(of source: any SampleSource, in folder: String) throws(AudioError) {
        self.path = "\(folder)/upload-\(getpid())-\(UInt64.random(in: 0 ... .max)).wav"
        do throws(AudioError) {
            if let number = PrivateFolder.make(folder) {
                throw AudioError(.storage(folder: folder), path: folder, cause: "mkdir: \(number)")
            }
            try WAVWriter.write(source, to: self.path)
        } catch {
            unlink(self.path)
            throw error
        }
    }

    func remove() { unlink(self.path) }
}
