import Steno
import StenoHTTP
import StenoHandoff

// `--wait`: until what was begun is done.
extension NxVETSession {
    /// Shows a label when it has a clinical note, and one that is not `former`.
    func waitForNote(of id: String, after former: String?) async throws -> ExitCode {
        let (label, isDone) = try await self.client.wait {
            () async throws(ServiceError) in
            try await self.client.label(id)
        } isDone: { label in
            label.state == .note && label.clinicalNote != former
        } onLook: { _ in
            self.say("The note is being written.")
        }
        try self.write(FieldView(label))
        guard !isDone else { return .success }
        self.say("The note is not there after 30 minutes. Look again with 'steno nxvet label \(id)'.", .warning)
        return .unfinished
    }

    /// Shows a conversation when nothing more will become of it.
    func waitForEnd(of id: String, on device: String) async throws -> ExitCode {
        let (conversation, isDone) = try await self.client.wait {
            () async throws(ServiceError) in
            try await self.client.conversation(id, on: device)
        } isDone: { conversation in
            // A transcript may come a while after the status (contract NxVET §6.1).
            conversation.status.isTerminal
                && (conversation.status != .known(.completed) || conversation.transcript != nil)
        } onLook: { conversation in
            self.say("The conversation is \(conversation.status.text).")
        }
        try self.write(FieldView(conversation, on: device))
        if conversation.transcript == nil { self.say(conversation.status.sentence) }
        guard !isDone else { return .success }
        // Completed, and no word in half an hour: nothing was said.
        if conversation.status == .known(.completed) { return .success }
        self.say("Look again with 'steno nxvet conversation \(device) \(id)'.", .warning)
        return .unfinished
    }
}
