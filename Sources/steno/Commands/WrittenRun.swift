import Steno
import StenoCore
import StenoHandoff
import StenoStore

/// One text of `steno deliver`, handed over: nothing is recognised.
struct WrittenRun {
    /// Between the tries of one delivery, in sum.
    private static let patience = DeliveryPatience(tries: .seconds(30), processing: .zero)

    let place: RecordingPlace
    let handover: JobHandover
    let services: DeliveryServices
    let options: RecognitionOptions
    let program: Program
    /// Options that lead to the same recordings again.
    let words: [String]

    func run() async throws -> ExitCode {
        let (events, continuation) = AsyncStream<RunEvent>.makeStream()
        let tell: @Sendable (RunEvent) -> Void = { continuation.yield($0) }
        let shown = self.show(events)
        let stored = try StoredEvents.all(of: RecordingReader(self.place))
        for event in stored.dropLast() where !event.isDelivery { tell(event) }
        var code = ExitCode.success
        for kind in self.handover.summaries {
            code = code.combined(with: try await self.deliver(kind.rawValue, tell))
        }
        if let end = try StoredEvents.all(of: RecordingReader(self.place)).last { tell(end) }
        continuation.finish()
        code = code.combined(with: await shown.value)
        guard code != .success else { return code }
        let command = FinishingCommand.left(in: self.place, options: self.words)
        self.program.say("The text is kept as \(self.place.id). To finish it: \(command)", .warning)
        return code
    }

    private func deliver(_ target: String, _ tell: @escaping @Sendable (RunEvent) -> Void) async throws -> ExitCode {
        let narrator = DeliveryNarrator(target: target, tell: tell)
        guard let delivery = try DeliveryBook(self.place).summaries().last(where: { $0.target == target && $0.isOpen })
        else { return .success }
        switch try self.services.prepare(delivery, in: self.place, tell: { narrator.tell($0) }) {
        case .item(let item):
            return narrator.end(await self.services.queue.work(on: item, .retry, patience: Self.patience))
        case .skipped(let reason):
            tell(.delivery(DeliveryReport(target: target, state: .skipped, reason: reason)))
            return .success
        case .notYet(let reason):
            tell(.delivery(DeliveryReport(target: target, state: .waiting, reason: reason)))
            return .unfinished
        }
    }

    /// - Returns: a task, because outputs wait for their readers.
    private func show(_ events: AsyncStream<RunEvent>) -> Task<ExitCode, Never> {
        let (program, options) = (self.program, self.options)
        return Task {
            var outputs = RunOutputs(
                status: StatusLine(program.notices, isDrawing: program.options.isDrawing),
                output: StandardOutput(format: options.format),
                files: options.outputFiles
            )
            for await event in events { outputs.receive(event) }
            for failure in outputs.failures { program.say(failure.description, .error) }
            return outputs.failures.isEmpty ? .success : .disk
        }
    }
}

extension RunEvent {
    fileprivate var isDelivery: Bool { if case .delivery = self { true } else { false } }
}
