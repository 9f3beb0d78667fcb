/// The switches of the Invox stand-in (contract 8.2), the default of each in its initial value.
package struct InvoxFaults: Hashable, Sendable {
    /// Answer of the token call; per token request.
    package var tokenStatus = Fault(TokenStatus.ok)
    /// The field that holds the token; per token request.
    package var tokenField = Fault(TokenField.accessToken)
    /// How long a token lives; per token request.
    package var tokenLifetime = Fault(TokenLifetime.after(FaultDelay(milliseconds: 7_200_000)))
    /// What becomes of the version header; per call.
    package var versionHeader = Fault(VersionHeader.optional)
    /// Whether the key may make summaries; per summary request.
    package var permission = Fault(Permission.granted)
    /// Answer of the summary call; per summary request.
    package var summaryStatus = Fault(SummaryStatus.ok)
    /// Form of the note; per summary request.
    package var noteShape = Fault(NoteShape.byFormat)
    /// Entries of an object; per summary request.
    package var soapFields = Fault(SOAPFields.four)
    /// How the time of a generation is told; per summary request.
    package var generationTime = Fault(GenerationTime.present)
    /// Which codes are languages; per summary request.
    package var languageCheck = Fault(LanguageCheck.any)
    /// Characters of a transcript that are one too many; per summary request.
    package var textLimit = Fault(TextLimit.off)
    /// Spelling of the error text's field; per summary request.
    package var messageSpelling = Fault(MessageSpelling.messsage)
    /// How long a generation takes; per summary request.
    package var delay = Fault(FaultDelay.zero)
    /// What becomes of the answer; per summary request.
    package var connection = Fault(Connection.normal)
    /// How the answer is written; per summary request.
    package var body = Fault(Body.valid)

    package init() {}

    package enum TokenStatus: String, FaultValue, CaseIterable {
        case ok = "200"
        case badRequest = "400"
        case unauthorised = "401"
        case forbidden = "403"
        case throttled = "429"
        case serverError = "500"
        case unavailable = "503"
        /// No answer at all.
        case hang
    }

    package enum TokenField: String, FaultValue, CaseIterable {
        case accessToken
        case snakeCase = "access_token"
        case missing
    }

    package enum Permission: String, FaultValue, CaseIterable { case granted, missing, missingWithoutType }

    package enum SummaryStatus: String, FaultValue, CaseIterable {
        case ok = "200"
        case invalidOutputFormat, missingOutputLanguage, invalidLanguage
        /// 400 with an error type nobody knows.
        case unknownType = "400"
        case unauthorised = "401"
        case notFound = "404"
        case tooLarge = "413"
        case unprocessable = "422"
        case throttled = "429"
        /// 429 with `Retry-After: 1`.
        case throttledRetryAfter = "429-retry-after"
        case serverError = "500"
        case badGateway = "502"
        case unavailable = "503"
        /// A page of HTML, as a gateway that gave up waiting writes it.
        case gatewayTimeout = "504"
    }

    package enum NoteShape: String, FaultValue, CaseIterable {
        case byFormat, alwaysString, alwaysObject, array, swapped, missing, null
        /// An object whose list of fields is empty.
        case emptyFields
    }

    package enum MessageSpelling: String, FaultValue, CaseIterable { case messsage, message, both, none }

    package enum Connection: String, FaultValue, CaseIterable {
        case normal
        /// The connection ends when the request has arrived; nothing is generated.
        case cutBeforeWork
        /// The note is generated, and then the connection ends.
        case cutAfterWork
        /// Half of the answer is sent.
        case cutMidResponse
        case reset
        /// The answer comes byte by byte.
        case slowBody
    }

    package enum Body: String, FaultValue, CaseIterable {
        case valid, truncated, html, empty, wrongContentType, extraFields
        /// More than 4 MiB.
        case tooLarge
    }
}

extension FaultSwitch {
    static let invox: [FaultSwitch] = [
        FaultSwitch("invox.tokenStatus", \.invox.tokenStatus),
        FaultSwitch("invox.tokenField", \.invox.tokenField),
        FaultSwitch("invox.tokenLifetime", \.invox.tokenLifetime),
        FaultSwitch("invox.versionHeader", \.invox.versionHeader),
        FaultSwitch("invox.permission", \.invox.permission),
        FaultSwitch("invox.summaryStatus", \.invox.summaryStatus),
        FaultSwitch("invox.noteShape", \.invox.noteShape),
        FaultSwitch("invox.soapFields", \.invox.soapFields),
        FaultSwitch("invox.generationTime", \.invox.generationTime),
        FaultSwitch("invox.languageCheck", \.invox.languageCheck),
        FaultSwitch("invox.textLimit", \.invox.textLimit),
        FaultSwitch("invox.messageSpelling", \.invox.messageSpelling),
        FaultSwitch("invox.delay", \.invox.delay),
        FaultSwitch("invox.connection", \.invox.connection),
        FaultSwitch("invox.body", \.invox.body),
    ]
}
