import ArgumentParser
import Steno
import StenoCore
import StenoStore

/// `steno queue hold`.
struct QueueHoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Have nothing more sent of a hand-off until it is released.",
        usage: "steno queue hold <id> ... [<options>]",
        discussion: "What the service has already is not taken back."
    )

    @Argument(help: "Ids of recordings or of hand-offs.")
    var ids: [String]

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await QueueDecision(self.ids, self.options).run("Held") { delivery in
            var machine = delivery.machine
            guard !machine.holdRequested().isEmpty else { return false }
            delivery.memory = machine.memory
            return true
        }
    }
}

/// `steno queue release`.
struct QueueReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let a hand-off that was held take its turn again.",
        usage: "steno queue release <id> ... [<options>]",
        discussion: "It is sent when the queue is next worked on: steno queue retry."
    )

    @Argument(help: "Ids of recordings or of hand-offs.")
    var ids: [String]

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await QueueDecision(self.ids, self.options).run("Released") { delivery in
            var machine = delivery.machine
            guard !machine.releaseRequested().isEmpty else { return false }
            delivery.memory = machine.memory
            return true
        }
    }
}

/// `steno queue drop`.
struct QueueDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Give a hand-off up. The recording stays.",
        usage: "steno queue drop <id> ... [<options>]",
        discussion: """
            Nothing more is sent, and the recording no longer waits for it. What the service has already is not taken \
            back. To ask for it again: steno deliver <recording> --to <target>.
            """
    )

    @Argument(help: "Ids of recordings or of hand-offs.")
    var ids: [String]

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await QueueDecision(self.ids, self.options).run("Dropped") { delivery in
            delivery.closing = .dropped
            return true
        }
    }
}

/// What a person decides about hand-offs, one by one and never under the hands of a process that is at one.
private struct QueueDecision {
    private let ids: [String]
    private let options: RecordingsOptions

    init(_ ids: [String], _ options: RecordingsOptions) {
        self.ids = ids
        self.options = options
    }

    /// - Parameter change: `false` when there is nothing to change.
    func run(_ done: String, _ change: @escaping (inout StoredDelivery) -> Bool) async throws {
        try await Program.run(self.options.common) { program in
            let shelf = QueueShelf(try self.options.library(program))
            // All names first: a mistake in the third must not cost the first.
            let entries = try self.ids.flatMap { try shelf.entries(named: $0) }
            var code = ExitCode.success
            for entry in entries where entry.delivery.isOpen {
                do throws(StoreError) {
                    guard try Self.decide(entry, change) else { continue }
                    program.say("\(done): \(entry.delivery.target) of \(entry.place.id).")
                } catch {
                    guard case .inUse = error.reason else { throw error }
                    program.say(
                        "\(entry.delivery.target) of \(entry.place.id) is being worked on by another process. "
                            + "Try again when it has ended.",
                        .warning
                    )
                    code = code.combined(with: .unfinished)
                }
            }
            if !entries.contains(where: \.delivery.isOpen) { program.say("Nothing of it is still to do.") }
            return code
        }
    }

    private static func decide(
        _ entry: QueueEntry,
        _ change: (inout StoredDelivery) -> Bool
    ) throws(StoreError) -> Bool {
        let book = DeliveryBook(entry.place)
        let lock = try DeliveryLock(entry.place, target: entry.delivery.target)
        defer { withExtendedLifetime(lock) {} }
        // As it is now that nobody else works on it.
        guard var delivery = try book.delivery(entry.delivery.id), delivery.isOpen, change(&delivery) else {
            return false
        }
        try book.store([delivery])
        return true
    }
}

extension StoredDelivery {
    /// To decide with; nothing here depends on the bounds of a service but whether it can be searched.
    fileprivate var machine: DeliveryStateMachine {
        var policy = DeliveryPolicy()
        policy.canSearch = self.summary.isSearchable
        return DeliveryStateMachine(self.memory, policy: policy, seed: 0)
    }
}
