/// Where a connection stands between its opening and its end (RFC 6455 §7), for either role.
///
/// | state | close wanted here | close frame came | fault found | connection ended |
/// | --- | --- | --- | --- | --- |
/// | open | send close → closing | answer → answered | send close → failed | ended (lost) |
/// | closing | – | → answered | → failed | ended (lost) |
/// | answered | – | – | – | ended (clean) |
/// | failed | – | – | – | ended (fault) |
/// | ended | – | – | – | – |
///
/// Data may be sent while open only. In every state but open and ended the caller waits a bounded time for the far side to
/// end the connection, and then ends it: `timedOut`.
package struct WebSocketLifecycle: Sendable {
    private enum State {
        case open
        case closing
        case answered
        case failed(WebSocketFault)
        case ended
    }

    private var state = State.open
    private var isFirstCloseOurs = false
    private var receivedCode: UInt16?
    private var hasTimedOut = false
    private var isAborted = false

    package init() {}

    package var isOpen: Bool {
        if case .open = self.state { true } else { false }
    }

    /// Frames from the far side are still of interest: it may send data until it has answered our close.
    package var isReading: Bool {
        switch self.state {
        case .open, .closing: true
        case .answered, .failed, .ended: false
        }
    }

    /// This side wants to close. `true`: send a close frame now.
    package mutating func closeRequested() -> Bool {
        guard case .open = self.state else { return false }
        self.state = .closing
        self.isFirstCloseOurs = true
        return true
    }

    /// A close frame came. `true`: answer it with the same code.
    package mutating func closeReceived(code: UInt16?) -> Bool {
        switch self.state {
        case .open:
            self.state = .answered
            self.receivedCode = code
            return true
        case .closing:
            self.state = .answered
            self.receivedCode = code
            return false
        case .answered, .failed, .ended:
            return false
        }
    }

    /// The far side broke a rule. `true`: send a close frame with the fault's code.
    package mutating func faultFound(_ fault: WebSocketFault) -> Bool {
        switch self.state {
        case .open:
            self.state = .failed(fault)
            return true
        case .closing:
            self.state = .failed(fault)
            return false
        case .answered, .failed, .ended:
            return false
        }
    }

    /// The far side did not end the connection in time.
    package mutating func timedOut() {
        self.hasTimedOut = true
    }

    /// This side drops the connection without a word.
    package mutating func aborted() {
        self.isAborted = true
    }

    /// The connection is gone. Returns how it ended, the first time.
    package mutating func connectionEnded() -> WebSocketEnd? {
        defer { self.state = .ended }
        switch self.state {
        case .ended: return nil
        case .answered:
            return WebSocketEnd(code: self.receivedCode, cause: self.isFirstCloseOurs ? .closedHere : .closedThere)
        case .failed(let fault): return WebSocketEnd(code: nil, cause: .fault(fault))
        case .open, .closing:
            return WebSocketEnd(code: nil, cause: self.isAborted ? .aborted : self.hasTimedOut ? .unanswered : .lost)
        }
    }
}

/// How a WebSocket ended.
package struct WebSocketEnd: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The far side closed, and was answered.
        case closedThere
        /// This side closed, and was answered.
        case closedHere
        /// This side closed, and got no answer in time.
        case unanswered
        /// The connection broke without a close frame.
        case lost
        /// The far side broke a rule or a bound.
        case fault(WebSocketFault)
        /// This side dropped the connection.
        case aborted
    }

    /// The code of the far side's close frame.
    package var code: UInt16?
    package var cause: Cause

    package init(code: UInt16?, cause: Cause) {
        self.code = code
        self.cause = cause
    }

    /// Both sides have sent their close frame: nothing is missing.
    package var wasClean: Bool { self.cause == .closedThere || self.cause == .closedHere }
}
