extension ConnectVetsFaults {
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
        /// Every third request is one too many.
        case everyNth
        /// Throttled, whatever came before.
        case always
        /// As `always`, the status call too.
        case statusToo
    }

    package enum RateLimitHeaders: String, FaultValue, CaseIterable {
        case minute, minuteAndHour
        /// `Retry-After: 1`.
        case retryAfterSeconds
        /// `Retry-After` with a date.
        case retryAfterDate
        /// `retry_after` in the body.
        case bodyOnly
        /// `details.reset_at` in the body.
        case resetAt
        /// `X-RateLimit-Reset`, of no minute.
        case resetHeader
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

    package enum Envelope: String, FaultValue, CaseIterable {
        case allData, createBare, allBare, dataPlusStatus, dataPlusMessage
    }

    package enum ListShape: String, FaultValue, CaseIterable {
        case dataMeta, dataPagination, notesPagination, rootArray
    }

    package enum MetadataOut: String, FaultValue, CaseIterable { case array, object, jsonString, null }

    package enum LabelLanguage: String, FaultValue, CaseIterable {
        case en, pt
        /// Two of each.
        case mixed
        /// As `pt`, under `type` in place of `label`.
        case typeInstead
    }

    package enum RetryRoute: String, FaultValue, CaseIterable {
        case both
        /// The other route answers 404 without a code.
        case transcriptsOnly, notesOnly
        /// The other route answers 405.
        case transcriptsOnly405, notesOnly405
    }

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
