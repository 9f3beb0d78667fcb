import StenoCore
import StenoWire

// A summary in the middle of a dictation, because a person wants to see one now.
extension JuvolySession {
    /// Asked for at a time: a person who presses a key again and again gets no more.
    private static let earlySummaryLimit = 3

    /// Asks for a summary of what this connection has heard so far; it comes as an event. Nothing happens when there is
    /// no connection, or nothing was said.
    nonisolated package func requestSummary() {
        self.onLoop { $0.askForSummary() }
    }

    private func askForSummary() {
        guard case .streaming = self.machine.state, let socket = self.socket,
            self.ledger.coverage.hasConfirmedSpeech, self.earlySummaries < Self.earlySummaryLimit
        else { return }
        self.earlySummaries += 1
        _ = socket.sendText(JuvolyClientMessage.summarizeSoep.bytes)
    }

    /// A reply belongs to the oldest request. Whether it is one of these: the one at the end is the machine's.
    func takeEarlySummary(_ summary: RecordingSummary) -> Bool {
        guard self.earlySummaries > 0 else { return false }
        self.earlySummaries -= 1
        self.onEvent(.summary(summary))
        return true
    }
}
