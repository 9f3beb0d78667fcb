import Glibc
import Steno
import StenoCore
import StenoStore

/// What a person names: a recording, or a text.
enum DeliverSubject {
    case recording(RecordingPlace)
    case text(WrittenText)

    var name: String {
        switch self {
        case .recording(let place): place.id
        case .text(let text): text.path
        }
    }
}

extension DeliverJob {
    /// - Throws: when there is nothing of this name, or its targets do not fit it.
    func subject(_ name: String) throws -> DeliverSubject {
        do throws(StoreError) {
            return .recording(try self.shelves.place(name))
        } catch {
            guard error.code == .unknown, Self.isFile(name), !name.hasSuffix("recording.sqlite") else { throw error }
        }
        try self.checkTargets(of: name)
        do throws(WrittenText.Problem) {
            return .text(try WrittenText(path: name))
        } catch {
            switch error {
            case .unreadable: throw Failure(.noInput, "'\(name)' cannot be read. Check its permissions.")
            case .tooLong: throw Failure(.unreadableInput, "'\(name)' is too long for a summary: more than 4 MB.")
            case .noText: throw Failure(.unreadableInput, "'\(name)' is no text in UTF-8.")
            case .empty: throw Failure(.unreadableInput, "'\(name)' is empty: there is nothing to make a summary of.")
            }
        }
    }

    func deliver(_ text: WrittenText, _ services: inout [String: RecognitionServices]) async throws -> ExitCode {
        let service = try await self.services(&services)
        let handover = try self.handover(for: service)
        let isSandboxed = self.command.recognition.sandbox != nil
        let realm = isSandboxed ? "sandbox" : "local"
        let library = self.shelves.libraries[0]
        let isSealed = service.settings.storage.isSealed.value
        if isSealed { try library.vault?.prepare() }
        let place = try text.keep(
            in: library,
            vault: isSealed ? library.vault : nil,
            realm: realm,
            deliveries: handover.fresh(service.settings, isSandboxed: isSandboxed, recording: realm)
        )
        return try await self.run(place, handover, service)
    }

    /// A text that was kept before.
    func deliver(
        written place: RecordingPlace,
        _ services: inout [String: RecognitionServices]
    ) async throws -> ExitCode {
        try self.checkTargets(of: place.id)
        let service = try await self.services(&services)
        let isSandboxed = self.command.recognition.sandbox != nil
        guard try RecordingInfo(place).description.realm == (isSandboxed ? "sandbox" : "local") else {
            throw Failure(
                .usage,
                isSandboxed
                    ? "'\(place.id)' was not kept in the sandbox. Leave --sandbox away."
                    : "'\(place.id)' was kept in the sandbox. Add --sandbox."
            )
        }
        var handover = try self.handover(for: service)
        try handover.settle(
            in: DeliveryBook(place),
            service.settings,
            isSandboxed: isSandboxed,
            again: self.command.aim.again,
            refusesDone: true
        )
        return try await self.run(place, handover, service)
    }

    private func run(
        _ place: RecordingPlace,
        _ handover: JobHandover,
        _ service: RecognitionServices
    ) async throws -> ExitCode {
        let sandbox = self.command.recognition.sandbox.map { [$0.word] } ?? []
        return try await WrittenRun(
            place: place,
            handover: handover,
            services: service.deliveries,
            options: try self.command.recognition.options(),
            program: self.program,
            words: sandbox + self.command.common.words
        ).run()
    }

    private func services(_ services: inout [String: RecognitionServices]) async throws -> RecognitionServices {
        if let known = services[WrittenText.engine] { return known }
        var options = try self.command.recognition.options()
        options.language = self.command.aim.language
        options.summary = self.command.aim.summaries
        try options.checkLanguage(self.program.settings(options.settings, sandbox: nil).recognition.language?.value)
        let service = try await RecognitionServices(options, in: self.program)
        services[WrittenText.engine] = service
        return service
    }

    private func handover(for service: RecognitionServices) throws -> JobHandover {
        let handover = JobHandover(
            summaries: self.command.aim.summaries,
            language: service.settings.recognition.language?.value,
            upload: nil
        )
        try service.check(handover)
        return handover
    }

    private func checkTargets(of name: String) throws(Failure) {
        for target in self.command.aim.to where target != .invox && target != .invoxSOAP {
            throw Failure(
                .usage,
                "'\(name)' is a text, which only invox and invox-soap take, and not \(target.rawValue)."
            )
        }
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
