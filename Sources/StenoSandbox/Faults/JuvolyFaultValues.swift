/// On or off.
package enum OnOff: String, FaultValue, CaseIterable { case off, on }

/// Whether a rule is enforced.
package enum Strictness: String, FaultValue, CaseIterable { case strict, lenient }

extension JuvolyFaults {
    /// Answer of `POST /session`.
    package enum SessionStatus: String, FaultValue, CaseIterable {
        case ok = "200"
        case badRequest = "400"
        case unauthorised = "401"
        case forbidden = "403"
        case throttled = "429"
        /// 429 with `Retry-After: 1`.
        case throttledRetryAfter = "429-retry-after"
        case serverError = "500"
        case unavailable = "503"
        /// 200 with a page of HTML, as a captive portal answers.
        case html
        /// No answer at all.
        case timeout
    }

    package enum SessionReuse: String, FaultValue, CaseIterable { case refuse, allow }

    package enum UserKeyStatus: String, FaultValue, CaseIterable {
        case ok = "200"
        case unauthorised = "401"
        case serverError = "500"
    }

    /// Answer of the handshake.
    package enum Handshake: String, FaultValue, CaseIterable {
        case accept
        case badRequest = "400"
        case unauthorised = "401"
        case forbidden = "403"
        case notFound = "404"
        case throttled = "429"
        case unavailable = "503"
        /// Accepted, then closed at once with 1008 or 4001.
        case acceptThenClose1008 = "accept-1008"
        case acceptThenClose4001 = "accept-4001"
        case reset
        /// No answer at all.
        case hang
    }

    /// The subprotocol in the answer to the handshake.
    package enum SubprotocolAnswer: String, FaultValue, CaseIterable {
        case v2
        case none
        case clientID = "clientId"
        case sessionID = "sessionId"
        /// One that was never offered.
        case foreign
    }

    package enum BeforeReady: String, FaultValue, CaseIterable { case close1008, acceptSubscribe, acceptAll }

    /// Odd bytes and messages above one second: closed with 1003, only recorded, or ignored.
    package enum AudioChecks: String, FaultValue, CaseIterable { case strict, warn, off }

    /// `strict` closes with 1008 above 1.1 times real time.
    package enum Pace: String, FaultValue, CaseIterable { case any, strict }

    package enum Partials: String, FaultValue, CaseIterable {
        case growing
        /// Each interim is followed by one that lacks its last word.
        case shrinking
        /// No interims.
        case none
        /// Never a completed utterance.
        case only
    }

    package enum Finals: String, FaultValue, CaseIterable {
        case once, repeated, partialAfterFinal, emptySentence, sentenceDiffersFromWords
    }

    package enum TimeUnit: String, FaultValue, CaseIterable {
        case seconds = "s"
        case milliseconds = "ms"
    }

    package enum IDOnReconnect: String, FaultValue, CaseIterable {
        case restart
        /// The numbers go on where the former connection stopped.
        case `continue`
        /// No number at all, but unique.
        case random
    }

    package enum InformationFault: String, FaultValue, CaseIterable {
        /// Each message holds what is new.
        case additive
        /// Each message holds everything so far.
        case snapshot
        /// A message with empty arrays.
        case empty
        /// A coding system nobody knows.
        case unknownSystem
        /// Sent without a subscription.
        case unsubscribedPush
    }

    package enum JSONFault: String, FaultValue, CaseIterable {
        case strict
        /// A comma before each closing bracket of a transcript, as in the vendor's sample (JC-2).
        case trailingComma
        /// Members in reverse order.
        case keyOrder
        /// A message of an unknown type before each transcript.
        case unknownType
        /// Unknown members everywhere.
        case unknownField
        /// The first transcript is preceded by a copy that is cut in half.
        case truncated
        /// The first transcript is preceded by a text message that is no UTF-8.
        case invalidUTF8
        /// The first transcript is preceded by a binary message.
        case binaryFrame
        /// Every message comes in three fragments with a ping between them.
        case fragmented
        /// The first transcript is preceded by a text message of more than 8 MiB.
        case tooLarge
    }
}
