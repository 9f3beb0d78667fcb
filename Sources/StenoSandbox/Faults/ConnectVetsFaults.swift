/// The switches of the ConnectVets stand-in (contract 14.2), the default of each in its initial value.
package struct ConnectVetsFaults: Hashable, Sendable {
    /// Status of a create that worked; per create.
    package var createStatus = Fault(CreateStatus.created)
    /// What goes wrong with a create; per create.
    package var createFault = Fault(CreateFault.none)
    /// How long a new note is invisible to the list; per list request.
    package var indexDelay = Fault(FaultDelay.zero)
    /// When a request is throttled; per request that is limited.
    package var throttle = Fault(Throttle.real)
    /// What a throttled answer says about the wait; per request that is limited.
    package var rateLimitHeaders = Fault(RateLimitHeaders.minute)
    /// Form of error bodies; per error.
    package var errorShape = Fault(ErrorShape.flat)
    /// What becomes of a note; per note.
    package var outcome = Fault(Outcome.completed)
    /// How long a note is processed; per note.
    package var processingSeconds = Fault(Processing.standard)
    /// Where the content of a good answer lies; per answer.
    package var envelope = Fault(Envelope.allData)
    /// Form of the list; per list request.
    package var listShape = Fault(ListShape.dataMeta)
    /// How a note's metadata comes back; per note sent.
    package var metadataOut = Fault(MetadataOut.array)
    /// Titles and labels of sections; per note.
    package var labelLang = Fault(LabelLanguage.en)
    /// Which reprocessing route there is; per retry.
    package var retryRoute = Fault(RetryRoute.both)
    /// The host of transcripts; per request to it.
    package var cdn = Fault(CDN.ok)
    /// What becomes of an answer; per request.
    package var transport = Fault(Transport.ok)

    package init() {}

    package enum CreateStatus: String, FaultValue, CaseIterable {
        case created = "201"
        case ok = "200"
    }

    package enum CreateFault: String, FaultValue, CaseIterable {
        case none
        /// The note is made, and then the connection ends without an answer.
        case dropAfterStore
        /// The connection ends without an answer, and no note is made.
        case dropBeforeStore
        case paymentRequired = "402"
        case lengthRequired = "411"
        case tooLarge = "413"
        case refusedFormat = "422"
        /// The note is made, and the answer is 500.
        case failsAfterStore = "500"
        case unavailable = "503"
        /// The answer comes after two seconds.
        case slow
    }

    package enum Throttle: String, FaultValue, CaseIterable {
        /// 100 a minute and 1000 an hour for each key, all calls but status.
        case real
        case off
        /// Throttled, whatever came before.
        case always
        /// As `always`, the status call too.
        case statusToo
    }

    package enum RateLimitHeaders: String, FaultValue, CaseIterable {
        case minute, minuteAndHour
        /// `Retry-After: 1`.
        case retryAfterSeconds
        /// `retry_after` in the body.
        case bodyOnly
        case none
    }

    package enum ErrorShape: String, FaultValue, CaseIterable { case flat, nested, minimal, html, empty }

    package enum Outcome: String, FaultValue, CaseIterable {
        case completed, failed
        /// Failed, with `error_message` in the note.
        case failedWithError
        /// Completed, but not `valid`.
        case completedInvalid
    }

    package enum Envelope: String, FaultValue, CaseIterable { case allData, createBare, allBare, dataPlusStatus }

    package enum ListShape: String, FaultValue, CaseIterable {
        case dataMeta, dataPagination, notesPagination, rootArray
    }

    package enum MetadataOut: String, FaultValue, CaseIterable { case array, object, jsonString, null }

    package enum LabelLanguage: String, FaultValue, CaseIterable { case en, pt }

    package enum RetryRoute: String, FaultValue, CaseIterable { case both, transcriptsOnly, notesOnly }

    package enum CDN: String, FaultValue, CaseIterable {
        case ok
        case expired = "403"
        case gone = "404"
        case slow, wrongType, redirect
    }

    package enum Transport: String, FaultValue, CaseIterable {
        case ok, reset, truncated, wrongContentType, slowBody, redirect
        case unavailable = "503"
    }

    /// How long a note is processed.
    package enum Processing: FaultValue {
        /// As the configuration says.
        case standard
        case seconds(FaultDelay)
        case neverEnds

        package init?(faultText: Substring) {
            switch faultText {
            case "standard": self = .standard
            case "neverEnds": self = .neverEnds
            default:
                guard let time = FaultDelay(faultText: faultText) ?? FaultDelay(faultText: faultText + "s") else {
                    return nil
                }
                self = .seconds(time)
            }
        }

        package static let faultForms = ["standard", "TIME or a number of seconds", "neverEnds"]
    }
}

extension FaultSwitch {
    static let connectVets: [FaultSwitch] = [
        FaultSwitch("connectvets.createStatus", \.connectVets.createStatus),
        FaultSwitch("connectvets.createFault", \.connectVets.createFault),
        FaultSwitch("connectvets.indexDelay", \.connectVets.indexDelay),
        FaultSwitch("connectvets.throttle", \.connectVets.throttle),
        FaultSwitch("connectvets.rateLimitHeaders", \.connectVets.rateLimitHeaders),
        FaultSwitch("connectvets.errorShape", \.connectVets.errorShape),
        FaultSwitch("connectvets.outcome", \.connectVets.outcome),
        FaultSwitch("connectvets.processingSeconds", \.connectVets.processingSeconds),
        FaultSwitch("connectvets.envelope", \.connectVets.envelope),
        FaultSwitch("connectvets.listShape", \.connectVets.listShape),
        FaultSwitch("connectvets.metadataOut", \.connectVets.metadataOut),
        FaultSwitch("connectvets.labelLang", \.connectVets.labelLang),
        FaultSwitch("connectvets.retryRoute", \.connectVets.retryRoute),
        FaultSwitch("connectvets.cdn", \.connectVets.cdn),
        FaultSwitch("connectvets.transport", \.connectVets.transport),
    ]
}
