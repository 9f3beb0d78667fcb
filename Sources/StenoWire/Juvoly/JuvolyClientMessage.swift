/// The text messages that a client sends to Juvoly. Audio is binary and has no envelope.
package enum JuvolyClientMessage: Hashable, Sendable {
    /// Once per connection, after `ready`.
    case subscribeInformation
    /// Asks for a SOEP summary of what this connection heard.
    case summarizeSoep

    /// The message as it travels.
    package var bytes: [UInt8] {
        switch self {
        case .subscribeInformation: Array(#"{"type":"subscribe","subscription":{"type":"information"}}"#.utf8)
        case .summarizeSoep: Array(#"{"type":"summarizeSoep"}"#.utf8)
        }
    }
}
