import NIOCore
import StenoCore
import StenoWire

/// One speech connection after its handshake, decided without sockets, threads or timers of its own.
///
/// | state | event | becomes | what happens |
/// | --- | --- | --- | --- |
/// | opening | the delay is over | ready | `ready` |
/// | opening | any message | opening, closed | recorded; closed with 1008, or taken, as `beforeReady` says |
/// | ready | audio | ready | counted, checked, recognised |
/// | ready | recognised | ready | a `transcript`, or `information` for a subscriber |
/// | ready | `subscribe`, `summarizeSoep` | ready | subscribed; a `summarySoep` later |
/// | any | close frame | closed | held completions, if a switch says so; the close is answered |
struct JuvolyConversation {
    /// Something to look at later.
    enum Wake: Hashable, Sendable {
        case ready
        /// Completions that were held back for a while.
        case held
        case stallOver
        case summary(Int)
        /// No audio since the message of this number.
        case audioPause(Int)
        /// Nothing at all since the message of this number.
        case idle(Int)
    }

    enum Action: Hashable, Sendable {
        case send(JSONValue)
        /// A transcript: the switches for JSON apply to it.
        case sendTranscript(JSONValue)
        case recognise([Int16])
        /// The recogniser should complete what is open.
        case pauseRecognition
        case close(UInt16)
        case wake(Wake, after: TimeAmount)
        case violated(rule: String, what: String)
    }

    private enum State { case opening, ready, closed }

    struct Setting {
        var terms: JuvolyHandshake.Terms
        var connection: Int
        var faults: JuvolyConnectionFaults
        /// Looks for words to inform about; a script brings its own information.
        var findsInformation: Bool
        var readyDelay: TimeAmount
        var audioPause: TimeAmount
        var summaryDelay: TimeAmount
    }

    let setting: Setting
    let desk: JuvolyDesk
    private var state = State.opening
    var stage: TranscriptStage
    private let decoder: (any SandboxAudioDecoder)?
    var audio = AudioTally()
    var isSubscribed = false
    var found = Information()
    var finder = InformationFinder()
    var isStalled = false
    var hasSentTranscript = false
    /// Transcripts that wait for the end of a stall; at most `heldLimit`.
    var stalled: [Action] = []
    private var messages = 0

    init(_ setting: Setting, desk: JuvolyDesk, decoder: (any SandboxAudioDecoder)?) {
        self.setting = setting
        self.desk = desk
        self.decoder = decoder
        self.stage = TranscriptStage(setting.faults, connection: setting.connection) { desk.takeUtteranceID() }
    }

    var isClosed: Bool { self.state == .closed }

    mutating func opened() -> [Action] {
        if let code = self.setting.terms.closeCode { return self.close(code) }
        switch self.setting.faults.ready {
        case .standard, .twice: return [.wake(.ready, after: self.setting.readyDelay)]
        case .after(let delay): return [.wake(.ready, after: .nanoseconds(delay.nanoseconds))]
        case .afterFirstTranscript:
            let early = TranscriptUpdate(id: "early", sentence: "", words: [], isCompleted: false)
            return [
                .sendTranscript(JuvolyMessage.transcript(early)),
                .wake(.ready, after: self.setting.readyDelay),
            ]
        case .never: return []
        }
    }

    mutating func woke(_ wake: Wake) -> [Action] {
        guard !self.isClosed else { return [] }
        switch wake {
        case .ready:
            guard self.state == .opening else { return [] }
            self.state = .ready
            let count = self.setting.faults.ready == .twice ? 2 : 1
            return Array(repeating: .send(JuvolyMessage.ready), count: count) + self.idleWatch()
        case .held:
            return self.send(self.stage.releaseHeld())
        case .stallOver:
            self.isStalled = false
            defer { self.stalled = [] }
            return self.stalled
        case .summary(let number):
            return self.summary(number)
        case .audioPause(let message):
            return message == self.audio.messages ? [.pauseRecognition] : []
        case .idle(let message):
            return message == self.messages ? self.close(1000) : []
        }
    }

    // MARK: - Messages of the client

    mutating func received(binary bytes: [UInt8]) -> [Action] {
        // After our own close frame the client may still have been sending.
        guard !self.isClosed else { return [] }
        self.messages += 1
        if self.state == .opening {
            let actions = self.early(isSubscription: false)
            if self.isClosed || self.setting.faults.beforeReady != .acceptAll { return actions }
            return actions + self.takeAudio(bytes) + self.idleWatch()
        }
        return self.takeAudio(bytes) + self.idleWatch()
    }

    mutating func received(text: [UInt8]) -> [Action] {
        guard !self.isClosed else { return [] }
        self.messages += 1
        guard let request = JuvolyRequest(text) else {
            return [.violated(rule: "7", what: "a text message is none of the documented ones")] + self.close(1008)
        }
        if self.state == .opening {
            let actions = self.early(isSubscription: request == .subscribe)
            if self.isClosed || self.setting.faults.beforeReady == .close1008 { return actions }
            return actions + self.perform(request) + self.idleWatch()
        }
        return self.perform(request) + self.idleWatch()
    }

    /// The client said it is done: what a switch held back for this moment goes out before the close is answered.
    mutating func receivedClose() -> [Action] {
        guard !self.isClosed else { return [] }
        let actions = self.setting.faults.finalise == .onClose ? self.send(self.stage.releaseHeld()) : []
        self.state = .closed
        return actions
    }

    private mutating func early(isSubscription: Bool) -> [Action] {
        let violation = Action.violated(rule: "6.4", what: "a message is sent before ready")
        switch self.setting.faults.beforeReady {
        case .acceptAll: return [violation]
        case .acceptSubscribe where isSubscription: return [violation]
        case .acceptSubscribe, .close1008: return [violation] + self.close(1008)
        }
    }

    private mutating func takeAudio(_ bytes: [UInt8]) -> [Action] {
        guard !bytes.isEmpty else {
            let isEnd = self.setting.faults.finalise == .onEmptyBinary
            return isEnd ? self.send(self.stage.releaseHeld()) : []
        }
        var actions: [Action] = []
        if self.setting.terms.isPCM, let what = AudioTally.fault(of: bytes) {
            if self.setting.faults.audioChecks != .off { actions.append(.violated(rule: "8.2", what: what)) }
            if self.setting.faults.audioChecks == .strict { return actions + self.close(1003) }
        }
        let samples: [Int16]
        do {
            samples = try self.decoder?.decode(bytes) ?? Samples.decoded(bytes[...])
        } catch {
            return [.violated(rule: "7", what: "the audio stream cannot be decoded")] + self.close(1003)
        }
        let isTooFast = self.audio.take(samples, bytes: bytes.count, now: self.desk.now)
        if isTooFast, self.setting.faults.pace == .strict { return actions + self.close(1008) }
        actions.append(.recognise(samples))
        actions.append(.wake(.audioPause(self.audio.messages), after: self.setting.audioPause))
        return actions
    }

    private mutating func perform(_ request: JuvolyRequest) -> [Action] {
        switch request {
        case .subscribe:
            guard !self.isSubscribed else { return [.violated(rule: "7", what: "subscribed twice")] }
            self.isSubscribed = true
            return []
        case .summarise:
            let number = self.desk.countSummaryRequest()
            var actions: [Action] = []
            if !self.desk.hasHeardSpeech {
                actions.append(.violated(rule: "10.5", what: "a summary is asked for although nothing was said"))
            }
            let delay: TimeAmount
            switch self.desk.faults.summary.value(at: number) {
            case .never: return actions
            case .close: return actions + self.close(1011)
            case .after(let time): delay = .nanoseconds(time.nanoseconds)
            case .standard, .twice, .empty, .missingField: delay = self.setting.summaryDelay
            }
            return actions + [.wake(.summary(number), after: delay)]
        }
    }

    private func idleWatch() -> [Action] {
        let limit = self.setting.faults.idleClose.nanoseconds
        return limit > 0 ? [.wake(.idle(self.messages), after: .nanoseconds(limit))] : []
    }

    mutating func close(_ code: UInt16) -> [Action] {
        self.state = .closed
        return [.close(code)]
    }
}
