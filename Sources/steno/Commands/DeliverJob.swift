import Steno
import StenoAudio
import StenoCore
import StenoStore

/// One call of `steno deliver`: its recordings one after the other, each with outputs of its own.
struct DeliverJob {
    let command: DeliverCommand
    let program: Program
    let shelves: RecordingShelves
    private let stop = StopRequests()

    init(_ command: DeliverCommand, in program: Program) throws {
        self.command = command
        self.program = program
        let sandbox = command.recognition.sandbox
        let settings = try program.settings(sandbox: sandbox?.address)
        let home = settings.storage.home.value
        // An address has led into the sandbox's folder already. The other shelf is looked at too: what is found there
        // is refused in words that say why.
        let homes =
            sandbox == nil
            ? [home, "\(home)/sandbox"]
            : sandbox?.address == nil ? ["\(home)/sandbox", home] : [home, String(home.dropLast("/sandbox".count))]
        self.shelves = RecordingShelves(libraries: homes.map { program.library(home: $0) })
    }

    /// Runs to the end of all recordings; the worst of their exit codes wins.
    func run() async throws -> ExitCode {
        let signals = Signals { isSecond in self.stop.request(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        // All names first: a mistake in the third must not cost the first.
        let subjects = try self.command.recordings.map { try self.subject($0) }
        var services: [String: RecognitionServices] = [:]
        var code = ExitCode.success
        for subject in subjects {
            guard !self.stop.isRequested else {
                self.program.say("'\(subject.name)' was not begun.", .warning)
                code = code.combined(with: .unfinished)
                continue
            }
            do {
                switch subject {
                case .recording(let place): code = code.combined(with: try await self.deliver(place, &services))
                case .text(let text): code = code.combined(with: try await self.deliver(text, &services))
                }
            } catch {
                code = code.combined(with: self.program.report(error))
            }
        }
        for service in services.values { await service.end() }
        return self.stop.isAtOnce ? .stopped : code
    }

    private func deliver(
        _ place: RecordingPlace,
        _ services: inout [String: RecognitionServices]
    ) async throws -> ExitCode {
        let info = try RecordingInfo(place)
        if info.description.engine == WrittenText.engine { return try await self.deliver(written: place, &services) }
        let options = try self.options(for: info.description)
        let settings = try options.checkedSettings(in: self.program)
        try self.checkRealm(of: info.description, settings)
        var notices: [String] = []
        if info.state == .unfinished {
            notices.append("\(place.id) was left by its writer. What was on the disk is all there.")
        }
        let key = "\(info.description.engine) \(info.description.model ?? "")"
        let service: RecognitionServices
        if let known = services[key] {
            service = known
        } else {
            service = try await RecognitionServices(options, in: self.program)
            services[key] = service
        }
        let handover = try self.handover(of: place, info, service.settings)
        try service.check(handover)
        if handover.summaries.contains(.soep), info.utterances > 0 {
            let pace = self.command.pace.pace(service) == 1 ? ", in real time" : ""
            notices.append("For a SOEP summary the whole recording is heard again\(pace).")
        }
        var job = try await DeliverOpening(
            place: place,
            info: info,
            library: self.shelves.library(of: place) ?? self.shelves.libraries[0],
            command: self.command,
            handover: handover,
            spoolFolder: settings.storage.home.value + "/spool"
        ).job()
        job.notices = notices + job.notices
        let choice = RunChoice(
            options: options,
            pace: self.command.pace.pace(service),
            giveUp: self.command.pace.giveUp.value,
            isRemovedAfterwards: false
        )
        return await (try StreamRun(job, choice, service, self.program)).run(until: self.stop)
    }

    /// What is asked for now, written down, and what was asked for before and is not done.
    private func handover(
        of place: RecordingPlace,
        _ info: RecordingInfo,
        _ settings: Settings
    ) throws -> JobHandover {
        let aim = self.command.aim
        if aim.to.contains(.connectvets), self.command.visit.isEmpty {
            let isKnown = try DeliveryBook(place).all().contains {
                Settings.deliveryBase(of: $0.target) == ConnectVetsDelivery.name && $0.isOpen
            }
            guard isKnown else {
                throw Failure(.usage, "--to connectvets needs the patient: --visit FILE.json, or --patient NAME.")
            }
        }
        let isVisitGiven = aim.to.contains(.connectvets) && !self.command.visit.isEmpty
        var handover = JobHandover(
            summaries: aim.summaries,
            language: settings.recognition.language?.value,
            upload: isVisitGiven ? NoteUpload(visit: try self.command.visit.details(), waits: aim.wait) : nil,
            asked: Set(aim.to.map(\.rawValue))
        )
        // A summary by who hears the recording is made when it has to be heard anyway, or is asked for.
        let skipsSummary = !info.needsText && !aim.to.contains(.soep)
        try handover.settle(
            in: DeliveryBook(place),
            settings,
            isSandboxed: self.command.recognition.sandbox != nil,
            again: aim.again,
            refusesDone: true,
            skipping: skipsSummary ? [SummaryKind.soep.rawValue] : []
        )
        return handover
    }

    private func options(for description: RecordingDescription) throws -> RecognitionOptions {
        let given = self.command.recognition
        guard let engine = EngineChoice(rawValue: description.engine) else {
            throw Failure(.usage, "'\(description.id)' was made by an engine that this steno does not have.")
        }
        guard given.engine == nil || given.engine == engine else {
            throw Failure(
                .usage,
                "'\(description.id)' was made with --engine \(engine.rawValue), so only that engine can finish it."
            )
        }
        let model = engine == .juvoly ? description.model : nil
        guard given.model == nil || model == nil || given.model == model else {
            throw Failure(
                .usage,
                "'\(description.id)' was made with --model \(model ?? ""), so only that can finish it."
            )
        }
        var options = try given.options(engine: engine, model: model)
        options.language = self.command.aim.language
        options.summary = self.command.aim.summaries
        return options
    }

    /// What was made in a trial is finished in one, and what was not, is not.
    private func checkRealm(of description: RecordingDescription, _ settings: Settings) throws {
        let isSandboxed = self.command.recognition.sandbox != nil
        let realm = settings.realm(isSandboxed: isSandboxed)
        guard realm != description.realm else { return }
        let id = description.id
        if description.realm == "sandbox" {
            throw Failure(.usage, "'\(id)' was made in the sandbox. To finish it there, add --sandbox.")
        }
        if isSandboxed {
            throw Failure(.usage, "'\(id)' belongs to \(description.realm), not to the sandbox. Leave --sandbox away.")
        }
        throw Failure(.usage, "'\(id)' belongs to \(description.realm), and the settings lead to \(realm).")
    }
}
