import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno nxvet conversation`.
struct NxVETConversationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conversation",
        abstract: "Show a conversation with its transcript.",
        usage: "steno nxvet conversation <device> <conversation> [<options>]"
    )

    @Argument(help: "The device's id.")
    var device: String

    @Argument(help: "The conversation's id.")
    var conversation: String

    @OptionGroup var options: NxVETOptions

    func run() async throws {
        try await self.options.run { session in
            let conversation = try await session.client.conversation(self.conversation, on: self.device)
            try session.write(FieldView(conversation, on: self.device))
            if conversation.transcript == nil { session.say(conversation.status.sentence) }
            return .success
        }
    }
}

extension FieldView {
    init(_ conversation: NxVETConversation, on device: String) {
        self.init(
            conversation.members + [("transcriptText", .text(conversation.transcript))],
            fields: [
                ("device", conversation.deviceID ?? device), ("conversation", conversation.id),
                ("status", conversation.status.text),
                ("speech", conversation.speechMinutes.map { "\(JSONValue.number($0).minutes) min" }),
                ("made", conversation.made?.description),
            ]
        )
        self.texts = [("transcript", conversation.transcript)]
    }
}

extension ConversationStatus {
    /// Why there is no transcript.
    var sentence: String {
        switch self {
        case .known(.failed): "NxVET could not process it, so there is no transcript."
        case .known(.filtered): "NxVET found nothing of use in it, so there is no transcript."
        case .known(.completed): "There is no transcript yet. After half an hour, take it that nothing was said."
        case .known, .unknown: "There is no transcript yet. Look again when it is completed."
        }
    }
}

extension JSONValue {
    /// A number of minutes without a needless fraction.
    var minutes: String {
        guard let number = self.double else { return "" }
        return number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    }
}
