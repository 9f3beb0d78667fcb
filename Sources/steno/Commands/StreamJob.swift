import Steno
import StenoAudio
import StenoCore
import StenoStore

/// One call of `steno stream`: its files one after the other, each with outputs of its own.
struct StreamJob {
    private let command: StreamCommand
    private let program: Program
    private let settings: Settings
    private let handover: JobHandover
    private let shelf: StreamShelf
    private let stop = StopRequests()

    /// - Throws: what can be known to be wrong before any audio is looked at.
    init(_ command: StreamCommand, in program: Program) throws {
        self.command = command
        self.program = program
        let options = command.recognition
        self.settings = try options.checkedSettings(in: program)
        self.handover = try options.handover(command.visit, self.settings)
        let library = program.library(home: self.settings.storage.home.value)
        self.shelf = StreamShelf(
            library: library,
            vault: try command.storage.vault(of: library, self.settings),
            settings: self.settings,
            isSandbox: options.sandbox != nil,
            wants: options.wants,
            resumes: !command.input.noResume,
            again: command.input.again,
            handover: self.handover,
            options: command.words,
            words: options.sandboxWords + command.common.words
        )
    }

    /// Runs to the end of all files; the worst of their exit codes wins.
    func run(_ files: [String]) async throws -> ExitCode {
        let signals = Signals { isSecond in self.stop.request(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        var services: RecognitionServices?
        var code = ExitCode.success
        var isFirst = true
        for file in files {
            guard !self.stop.isRequested else {
                self.program.say("'\(file)' was not begun.", .warning)
                code = code.combined(with: .unfinished)
                continue
            }
            let input: StreamInput
            do {
                input = try await self.open(file)
            } catch {
                code = code.combined(with: self.program.report(error))
                continue
            }
            if services == nil { services = try await RecognitionServices(self.command.recognition, in: self.program) }
            guard let services else { continue }
            code = code.combined(with: try await self.run(input, services, isFirst: isFirst))
            isFirst = false
        }
        await services?.end()
        self.shelf.library.tidy(self.command.storage, self.program)
        return self.stop.isAtOnce ? .stopped : code
    }

    private func run(_ input: StreamInput, _ services: RecognitionServices, isFirst: Bool) async throws -> ExitCode {
        // What is missing to do what was asked for is found before anything is begun.
        try services.check(self.handover)
        let unfinished = self.shelf.library.unfinished()
        var job: RecordedJob
        do {
            job = try await self.shelf.job(for: input, unfinished: unfinished)
        } catch {
            return self.program.report(error)
        }
        if isFirst {
            let others = unfinished.filter { $0.description.id != job.place.id }
            let options = self.command.recognition.sandboxWords + self.command.common.words
            job.notices += UnfinishedNotice.texts(self.shelf.library, except: job.place.id, others, options: options)
        }
        let choice = RunChoice(
            options: self.command.recognition,
            pace: self.command.input.pace.pace(services),
            giveUp: self.command.input.pace.giveUp.value,
            isRemovedAfterwards: self.command.storage.noStore
        )
        return await (try StreamRun(job, choice, services, self.program)).run(until: self.stop)
    }

    private func open(_ file: String) async throws -> StreamInput {
        let spool = self.settings.storage.home.value + "/spool"
        let input = try StreamInput(file, self.command.input, spoolFolder: spool)
        if file == "-" { try await self.waitForSound(of: input.source) }
        return input
    }

    /// What is no audio is found before a service is bothered.
    private func waitForSound(of source: any SampleSource) async throws {
        let (changes, doorbell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        source.observe { doorbell.yield() }
        self.stop.begin(StopRequests.Target(inOrder: { doorbell.finish() }, atOnce: { doorbell.finish() }))
        defer { self.stop.end() }
        for await _ in changes {
            let progress = source.progress
            guard progress.available == .zero else { return }
            if let failure = progress.failure { throw failure }
            if progress.isComplete { return }
        }
    }
}
