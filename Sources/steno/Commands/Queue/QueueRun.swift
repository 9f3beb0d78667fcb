import Steno
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import StenoStore
import Synchronization

/// Works on the queue of one home: the real one, or that of the sandbox, never both.
final class QueueRun: Sendable {
    /// Between tries of one hand-off, in sum: what a person at a terminal waits for.
    private static let patience = DeliveryPatience(tries: .seconds(30), processing: .seconds(30))

    private let program: Program
    private let server: SandboxServer?
    private let transport: HTTPTransport
    private let services: DeliveryServices
    private let shelf: QueueShelf
    private let form: Listing.Form
    /// Reasons that were told: a watch looks again and again, and says each once.
    private let told = Mutex<Set<String>>([])

    init(_ sandbox: SandboxChoice?, form: Listing.Form, in program: Program) async throws {
        self.program = program
        self.form = form
        self.server = try await SandboxHost.startDeaf(for: sandbox)
        let settings = try program.settings(sandbox: self.server?.baseURL ?? sandbox?.address)
        self.transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: settings.caFile?.value))
        self.services = DeliveryServices(settings, isSandboxed: sandbox != nil, transport: self.transport)
        let library = program.library(home: settings.storage.home.value)
        self.shelf = QueueShelf(RecordingShelves(libraries: [library]))
    }

    func end() async {
        await self.transport.shutdown()
        await self.server?.end(telling: self.program)
    }

    /// Tries what is meant once, and waits a little for what is asked to wait a little.
    func retry(_ ids: [String]) async throws -> ExitCode {
        var code = ExitCode.success
        var entries: [QueueEntry]
        if ids.isEmpty {
            let found = self.shelf.entries(openOnly: true)
            for error in found.unreadable { code = code.combined(with: ExitCode(error)) }
            self.sayOnce(found.unreadable)
            entries = found.entries
        } else {
            entries = try ids.flatMap { try self.shelf.entries(named: $0) }.filter(\.delivery.isOpen)
        }
        if entries.isEmpty { self.program.say("Nothing waits.") }
        var items: [DeliveryItem] = []
        var next = 0
        while next < entries.count {
            let entry = entries[next]
            next += 1
            guard !ids.isEmpty || self.isForAll(entry) else {
                code = code.combined(with: .unfinished)
                continue
            }
            let (item, why) = self.prepare(entry)
            if let item { items.append(item) } else { code = code.combined(with: why) }
            entries += Self.parts(of: entry, besides: entries)
        }
        let places = Dictionary(entries.map { ($0.delivery.id, $0.place) }) { first, _ in first }
        let outcomes = await self.interrupted { [items] in
            await self.services.queue.drain(items, .retry, patience: Self.patience) { item, outcome in
                if let place = places[item.id] { self.tell(outcome, in: place) }
            }
        }
        for outcome in outcomes { code = code.combined(with: Self.code(outcome)) }
        return code
    }

    /// What is too long for one hand-off was divided when it was prepared: its other parts.
    private static func parts(of entry: QueueEntry, besides known: [QueueEntry]) -> [QueueEntry] {
        guard entry.delivery.isSearchable, entry.delivery.memory.attempts == 0 else { return [] }
        let all = (try? DeliveryBook(entry.place).summaries()) ?? []
        let ids = Set(known.map(\.delivery.id))
        return all.filter { part in
            part.isOpen && part.begun == entry.delivery.begun && !ids.contains(part.id)
                && part.target.hasPrefix("\(entry.delivery.target)/")
        }.map { QueueEntry(place: entry.place, delivery: $0) }
    }

    /// Until a signal: what is in the queue, and what comes into it.
    func watch() async -> ExitCode {
        self.program.say("Waiting for what is to be handed over. Ctrl-C ends it.")
        let places = Mutex<[String: RecordingPlace]>([:])
        await self.interrupted {
            await self.services.queue.watch {
                let found = self.shelf.entries(openOnly: true)
                self.sayOnce(found.unreadable)
                return found.entries.compactMap { entry in
                    if case .parked = entry.delivery.memory.stage { return nil }
                    places.withLock { $0[entry.delivery.id] = entry.place }
                    return self.prepare(entry).item
                }
            } ended: { item, outcome in
                if let place = places.withLock({ $0.removeValue(forKey: item.id) }) { self.tell(outcome, in: place) }
            }
        }
        let left = self.shelf.entries(openOnly: true)
        let open = left.entries.count
        if open > 0 { self.program.say("\(open == 1 ? "1 hand-off still waits" : "\(open) hand-offs still wait").") }
        return left.unreadable.reduce(open == 0 ? .success : .unfinished) { $0.combined(with: ExitCode($1)) }
    }

    /// Runs `body` as a task that the first signal cancels. What is on its way then ends as it ends.
    private func interrupted<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await body() }
        let signals = Signals { _ in task.cancel() }
        defer { withExtendedLifetime(signals) {} }
        return await task.value
    }

    /// What a person decides about, one by one, is no matter of all.
    private func isForAll(_ entry: QueueEntry) -> Bool {
        let delivery = entry.delivery
        switch delivery.parking {
        case .held?:
            self.sayOnce(entry, "It is held: \(QueueReport.next(entry) ?? "").")
            return false
        case .unknown? where !delivery.isSearchable:
            self.sayOnce(entry, QueueReport.next(entry) ?? "")
            return false
        default: return true
        }
    }

    private func prepare(_ entry: QueueEntry) -> (item: DeliveryItem?, why: ExitCode) {
        do {
            switch try self.services.prepare(entry.delivery, in: entry.place) {
            case .item(let item): return (item, .success)
            case .skipped(let reason):
                self.sayOnce(entry, reason)
                return (nil, .success)
            case .notYet(let reason):
                self.sayOnce(entry, reason)
                return (nil, .unfinished)
            }
        } catch {
            let failure = Failure(error)
            self.sayOnce(entry, failure.messages.joined(separator: " "))
            return (nil, failure.code)
        }
    }

    private func sayOnce(_ entry: QueueEntry, _ reason: String) {
        self.sayOnce("\(entry.delivery.target) of \(entry.place.id): \(reason)")
    }

    /// Recordings that cannot be read may have something to hand over, too.
    private func sayOnce(_ unreadable: [StoreError]) {
        for error in unreadable { self.sayOnce(error.description) }
    }

    private func sayOnce(_ text: String) {
        guard self.told.withLock({ $0.insert(text).inserted }) else { return }
        self.program.say(text, .warning)
    }

    /// A row for each as it ends, in the form that was asked for.
    private func tell(_ outcome: DeliveryOutcome, in place: RecordingPlace) {
        if case .busy(let error) = outcome.end { self.program.say(error.description) }
        if case .notStored(let error) = outcome.end { self.program.say(error.description, .error) }
        guard let delivery = outcome.delivery else { return }
        let listing = QueueReport.listing([QueueEntry(place: place, delivery: delivery.summary)])
        // Rows come one by one, so there is no table to align.
        try? self.program.write(listing.text(self.form == .json ? .json : .tabs))
    }

    private static func code(_ outcome: DeliveryOutcome) -> ExitCode {
        switch outcome.end {
        case .done, .closed: .success
        case .parked(.refused): .refused
        case .parked(.rejected) where outcome.failure == .misconfigured: .configuration
        case .parked, .waiting, .processing, .busy: .unfinished
        case .notStored: .disk
        }
    }
}
