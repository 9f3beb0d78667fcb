import ArgumentParser
import Steno
import StenoHTTP
import StenoHandoff
import StenoWire
import Synchronization

/// `steno notes status`.
struct NotesStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far a note is, or wait for it.",
        usage: "steno notes status <note> [--wait] [<options>]",
        discussion: """
            With --wait it looks every 5 s at first and less often later, until the note is completed or has failed, or \
            the time of the setting connectvets.wait is over. A note that did not get completed is exit code 75 then.
            """
    )

    @Argument(help: "Its id.")
    var note: String

    @Flag(help: "Wait until the note is completed or has failed.")
    var wait = false

    @OptionGroup var options: NotesOptions

    func run() async throws {
        try await self.options.run { session in
            guard self.wait else {
                let (status, isValid) = try await session.client.status(of: self.note)
                try session.write(Self.view(self.note, status, isValid))
                return .success
            }
            let last = LastStatus()
            let outcome = try await session.client.wait(for: self.note, limit: session.settings.wait.value) { status in
                if last.changed(to: status), !status.isTerminal { session.say("The note is \(Self.words(status)).") }
            }
            return try self.end(outcome, session)
        }
    }

    private func end(_ outcome: NoteOutcome, _ session: NotesSession) throws -> ExitCode {
        switch outcome {
        case .completed(let note, let isValid):
            try session.write(Self.view(note.id, .completed, isValid))
            if !isValid { session.say("ConnectVets flags the note for review.", .warning) }
            return .success
        case .failed(let words):
            try session.write(Self.view(self.note, .failed, nil))
            session.tell(words)
            return session.fail(
                .unfinished,
                "ConnectVets could not process the note. 'steno notes retry \(self.note)' has it tried again."
            )
        case .stillProcessing(let status):
            try session.write(Self.view(self.note, status, nil))
            return session.fail(
                .unfinished,
                "ConnectVets still works on the note. Look again with 'steno notes status \(self.note) --wait'."
            )
        }
    }

    private static func words(_ status: NoteStatus) -> String { status == .unknown ? "in progress" : status.text }

    private static func view(_ id: String, _ status: NoteStatus, _ isValid: Bool?) -> FieldView {
        FieldView(
            [
                ("id", .string(id)), ("status", .string(status.text)),
                ("valid", isValid.map { .bool($0) } ?? .null),
            ],
            fields: [
                ("note", id), ("status", Self.words(status)),
                ("checked", status == .completed ? isValid.map { $0 ? "yes" : "no, flagged for review" } : nil),
            ]
        )
    }
}

/// Tells each state once, however often it is looked at.
private final class LastStatus: Sendable {
    private let last = Mutex<NoteStatus?>(nil)

    func changed(to status: NoteStatus) -> Bool {
        self.last.withLock { last in
            defer { last = status }
            return last != status
        }
    }
}
