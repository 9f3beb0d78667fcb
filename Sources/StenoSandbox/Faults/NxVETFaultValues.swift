extension NxVETFaults {
    package enum Auth: String, FaultValue, CaseIterable {
        case ok
        case unauthorised = "401"
        /// The key expires after the second request.
        case expired
        case forbidden = "403"
    }

    package enum Identity: String, FaultValue, CaseIterable { case both, meOnly, introspectOnly }

    /// The calls of the other half answer 404.
    package enum Source: String, FaultValue, CaseIterable { case both, labels, nxhub }

    /// The other form gets 200 and no row.
    package enum TypesForm: String, FaultValue, CaseIterable { case both, commaOnly, repeatedOnly }

    package enum TotalCount: String, FaultValue, CaseIterable {
        case present, missing
        /// Half of what there is.
        case wrong
        /// One more with every page.
        case changing
    }

    package enum DeviceShape: String, FaultValue, CaseIterable { case value, id, mixed, wrappedInData }

    package enum DevicePathID: String, FaultValue, CaseIterable { case value, serial, either }

    package enum NoteContent: String, FaultValue, CaseIterable {
        case json
        /// Two notes, of which each is the text itself.
        case plainText
        case empty = "{}"
        case null, truncated, noteAsObject, noteAsText
    }

    package enum ContentDelay: FaultValue {
        case after(FaultDelay)
        case never

        package init?(faultText: Substring) {
            if faultText == "never" {
                self = .never
                return
            }
            guard let time = FaultDelay(faultText: faultText) ?? FaultDelay(faultText: faultText + "s") else {
                return nil
            }
            self = .after(time)
        }

        package static let faultForms = ["TIME or a number of seconds (120 s)", "never"]
    }

    package enum Assign: String, FaultValue, CaseIterable {
        case ok = "200"
        case noContent = "204"
        case notFound = "404"
        case serverError = "500"
        /// 200, and nothing has changed.
        case okNotStored
    }

    package enum Templates: String, FaultValue, CaseIterable {
        case some, none
        case serverError = "500"
    }

    package enum Aggregate: String, FaultValue, CaseIterable {
        case created = "201"
        case ok = "200"
        case badRequest = "400"
        /// The record is made, and then the connection ends without an answer.
        case dropAfterStore
        case serverError = "500"
        /// Names of members are taken in any case.
        case caseInsensitive
    }

    package enum Lambda: String, FaultValue, CaseIterable {
        case gatewayTimeout = "504"
        case ok = "200"
        case accepted = "202"
        case notFound = "404"
        case serverError = "500"
        /// The connection is reset, and nothing has begun.
        case reset
        /// No answer ever comes.
        case hang
        /// 504, and no new content follows.
        case noUpdate
    }

    package enum ListShape: String, FaultValue, CaseIterable { case items, conversations, data }

    package enum Paging: String, FaultValue, CaseIterable {
        case ok, repeatedToken, hasMoreWithoutToken, tokenExpired, emptyPageWithMore
    }

    package enum StatusCase: String, FaultValue, CaseIterable { case upper, lower, unknown }

    package enum DetailText: String, FaultValue, CaseIterable {
        case transcriptText, transcript, text
        /// A completed conversation has no text.
        case empty
    }

    package enum Timeline: String, FaultValue, CaseIterable {
        case ok, unsorted, missingMinutes, nullText
        /// Whatever is asked for is too long.
        case overLimit = "400"
    }

    package enum Preview: String, FaultValue, CaseIterable {
        case ok, allSilent
        /// Whatever is asked for is too long.
        case overLimit = "400"
        /// Nothing is too long.
        case overLimitAccepted
    }

    package enum Create: String, FaultValue, CaseIterable {
        case ok, failure200, failure400
        /// The conversation is made, and then the connection ends without an answer.
        case dropAfterStore
        /// It is made, and the answer does not say which it is.
        case withoutId
    }

    package enum Complete: String, FaultValue, CaseIterable {
        case ok, failure200
        case accepted = "202"
        /// Processing begins, and the answer is 504.
        case gatewayTimeout = "504"
        /// Says that it was completed before.
        case alreadyDone
    }

    package enum Outcome: String, FaultValue, CaseIterable {
        case completed = "COMPLETED"
        case failed = "FAILED"
        case filtered = "FILTERED"
        case stuck = "stuckPROCESSING"
    }

    package enum TimeUnit: String, FaultValue, CaseIterable {
        case milliseconds = "ms"
        case seconds = "s"
        case iso
    }

    package enum Throttle: String, FaultValue, CaseIterable {
        case off
        case throttled = "429"
        /// 429 with `Retry-After: 1`.
        case throttledRetryAfter = "429RetryAfter"
    }

    package enum Transport: String, FaultValue, CaseIterable {
        case ok, reset, slow, truncated, html
        case noContent = "204"
        case redirect
    }

    package enum Audio: String, FaultValue, CaseIterable {
        case wav, m4a
        case notFound = "404"
        /// To another host, where no key may arrive.
        case redirect
    }
}
