/// The switches of the Juvoly stand-in (contract 16.2), the default of each in its initial value.
///
/// "Per session request" and "per connection" say what `@N` counts.
package struct JuvolyFaults: Hashable, Sendable {
    /// Answer of `POST /session`; per session request.
    package var sessionStatus = Fault(SessionStatus.ok)
    /// How long a session id lives; per session request.
    package var sessionLifetime = Fault(FaultDelay(milliseconds: 600_000))
    /// Whether a session id opens a second socket; per handshake.
    package var sessionReuse = Fault(SessionReuse.refuse)
    /// Answer of the user-key call; per user-key request.
    package var userKeyStatus = Fault(UserKeyStatus.ok)
    /// From which session request on the key is refused; never by default. Per session request.
    package var keyRevoked = Fault(OnOff.off)
    /// Answer of the handshake; per handshake.
    package var handshake = Fault(Handshake.accept)
    /// The subprotocol named in the answer; per handshake.
    package var subprotocolAnswer = Fault(SubprotocolAnswer.v2)
    /// Whether the order of the offered subprotocols matters; per handshake.
    package var subprotocolOrder = Fault(Strictness.strict)
    /// When `ready` is sent; per connection.
    package var ready = Fault(Ready.standard)
    /// What happens to a message before `ready`; per connection.
    package var beforeReady = Fault(BeforeReady.close1008)
    /// What is checked of audio; per connection.
    package var audioChecks = Fault(AudioChecks.strict)
    /// How fast audio may come; per connection.
    package var pace = Fault(Pace.any)
    /// Which interims are sent; per connection.
    package var partials = Fault(Partials.growing)
    /// When an utterance is completed; per connection.
    package var finalise = Fault(Finalise.pause)
    /// What a completed utterance looks like; per connection.
    package var finals = Fault(Finals.once)
    /// Unit of word times; per connection.
    package var timeUnit = Fault(TimeUnit.seconds)
    /// How utterances of a further connection are numbered; per connection.
    package var idOnReconnect = Fault(IDOnReconnect.restart)
    /// How and when the connection is lost; per connection.
    package var drop = Fault(Drop.never)
    /// Takes audio but sends nothing for this long from the first transcript on; per connection.
    package var stall = Fault(FaultDelay.zero)
    /// Closes a connection on which nothing arrived for this long; zero is off. Per connection.
    package var idleClose = Fault(FaultDelay.zero)
    /// Answer to a summary request; per summary request.
    package var summary = Fault(Summary.standard)
    /// What a subscriber gets; per connection.
    package var information = Fault(InformationFault.additive)
    /// How messages are written; per connection.
    package var json = Fault(JSONFault.strict)
    /// A message of type `error` in front of the first transcript; per connection.
    package var errorMessage = Fault(OnOff.off)

    package init() {}
}

extension FaultSwitch {
    static let juvoly: [FaultSwitch] = [
        FaultSwitch("juvoly.sessionStatus", \.juvoly.sessionStatus),
        FaultSwitch("juvoly.sessionLifetime", \.juvoly.sessionLifetime),
        FaultSwitch("juvoly.sessionReuse", \.juvoly.sessionReuse),
        FaultSwitch("juvoly.userKeyStatus", \.juvoly.userKeyStatus),
        FaultSwitch("juvoly.keyRevoked", \.juvoly.keyRevoked),
        FaultSwitch("juvoly.handshake", \.juvoly.handshake),
        FaultSwitch("juvoly.subprotocolAnswer", \.juvoly.subprotocolAnswer),
        FaultSwitch("juvoly.subprotocolOrder", \.juvoly.subprotocolOrder),
        FaultSwitch("juvoly.ready", \.juvoly.ready),
        FaultSwitch("juvoly.beforeReady", \.juvoly.beforeReady),
        FaultSwitch("juvoly.audioChecks", \.juvoly.audioChecks),
        FaultSwitch("juvoly.pace", \.juvoly.pace),
        FaultSwitch("juvoly.partials", \.juvoly.partials),
        FaultSwitch("juvoly.finalise", \.juvoly.finalise),
        FaultSwitch("juvoly.finals", \.juvoly.finals),
        FaultSwitch("juvoly.timeUnit", \.juvoly.timeUnit),
        FaultSwitch("juvoly.idOnReconnect", \.juvoly.idOnReconnect),
        FaultSwitch("juvoly.drop", \.juvoly.drop),
        FaultSwitch("juvoly.stall", \.juvoly.stall),
        FaultSwitch("juvoly.idleClose", \.juvoly.idleClose),
        FaultSwitch("juvoly.summary", \.juvoly.summary),
        FaultSwitch("juvoly.information", \.juvoly.information),
        FaultSwitch("juvoly.json", \.juvoly.json),
        FaultSwitch("juvoly.errorMessage", \.juvoly.errorMessage),
    ]
}
