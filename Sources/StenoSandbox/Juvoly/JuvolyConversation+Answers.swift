import NIOCore
import StenoCore
import StenoWire

// What the stand-in says: transcripts, information, summaries.
extension JuvolyConversation {
    mutating func recognised(_ results: [RecognitionResult]) -> [Action] {
        guard !self.isClosed else { return [] }
        var actions: [Action] = []
        for result in results {
            switch result {
            case .update(let update):
                actions += self.send(self.stage.received(update))
                if update.isCompleted, case .slow(let delay) = self.setting.faults.finalise {
                    actions.append(.wake(.held, after: .nanoseconds(delay.nanoseconds)))
                }
                if self.setting.findsInformation, self.isSubscribed, update.isCompleted,
                    let information = self.finder.find(in: update.sentence)
                {
                    actions += self.send(information)
                }
            case .information(let information):
                actions += self.send(information)
            }
        }
        return actions
    }

    mutating func send(_ updates: [TranscriptUpdate]) -> [Action] {
        var actions: [Action] = []
        for update in updates {
            if update.isCompleted, !update.sentence.isEmpty { self.desk.speechWasHeard() }
            actions += self.sendOrHold(.sendTranscript(JuvolyMessage.transcript(update)))
        }
        return actions
    }

    private mutating func sendOrHold(_ action: Action) -> [Action] {
        var actions: [Action] = []
        if !self.hasSentTranscript {
            self.hasSentTranscript = true
            if self.setting.faults.errorMessage == .on { actions.append(.send(JuvolyMessage.error)) }
            let stall = self.setting.faults.stall.nanoseconds
            if stall > 0 {
                self.isStalled = true
                actions.append(.wake(.stallOver, after: .nanoseconds(stall)))
            }
        }
        guard self.isStalled else { return actions + [action] }
        if self.stalled.count < TranscriptStage.heldLimit { self.stalled.append(action) }
        return actions
    }

    private mutating func send(_ information: Information) -> [Action] {
        self.found.merge(information)
        guard self.isSubscribed || self.setting.faults.information == .unsubscribedPush else { return [] }
        switch self.setting.faults.information {
        case .additive, .unsubscribedPush:
            return self.sendOrHold(.send(JuvolyMessage.information(information)))
        case .snapshot:
            return self.sendOrHold(.send(JuvolyMessage.information(self.found)))
        case .empty:
            return self.sendOrHold(.send(JuvolyMessage.information(Information())))
        case .unknownSystem:
            var changed = information
            changed.codings.append(.init(system: "sandbox", code: "X00", description: "[sandbox] unknown system"))
            return self.sendOrHold(.send(JuvolyMessage.information(changed)))
        }
    }

    mutating func summary(_ number: Int) -> [Action] {
        let parts = PlainNote.quarters(self.stage.completedText.joined(separator: " "))
        let episode = SOEPSummary.Episode(
            subjective: parts[0],
            objective: parts[1],
            evaluation: parts[2],
            plan: parts[3]
        )
        let episodes = self.stage.completedText.isEmpty ? [] : [episode]
        switch self.desk.faults.summary.value(at: number) {
        case .standard, .after:
            return [.send(JuvolyMessage.summary(episodes))]
        case .twice:
            return Array(repeating: .send(JuvolyMessage.summary(episodes)), count: 2)
        case .empty:
            return [.send(JuvolyMessage.summary([]))]
        case .missingField:
            return [.send(JuvolyMessage.summary(episodes, withPlan: false))]
        case .never, .close:
            return []
        }
    }
}
