import StenoHTTP
import Testing

@Suite("Service errors")
struct ServiceErrorsTests {
    private static let errors = ServiceErrors(
        service: "Juvoly",
        addressSetting: "JUVOLY_REST_URL",
        keySettings: "THE KEY"
    )
    private static let place = "Juvoly (https://host:8443)"

    private static func url() throws -> ServiceURL { try ServiceURL("https://host:8443/canary?token=canary") }

    @Test(
        "A request without an answer says what happened and what to do",
        arguments: [
            (
                HTTPFailure.Cause.noConnection, ServiceError.Reason.unreachable,
                "\(place) cannot be reached. Check the network, and JUVOLY_REST_URL."
            ),
            (.connectionLost, .unreachable, "\(place) closed the connection without an answer. Try again later."),
            (.timeLimit, .unreachable, "\(place) did not answer in time. Try again later."),
            (
                .untrusted, .unreachable,
                "No secure connection to \(place). Check this machine's clock and, for an authority of your own, "
                    + "tls.ca-file."
            ),
            (.notHTTP, .unavailable, "What answers at \(place) is not a web service. Check JUVOLY_REST_URL."),
            (
                .badHeader, .misconfigured,
                "A key has a line break or another forbidden character. Check THE KEY."
            ),
            (
                .bodyUnreadable, .misconfigured,
                "The file for Juvoly could not be read to its end. Check the file and disk."
            ),
            (.cancelled, .cancelled, "The request to Juvoly was cancelled."),
        ]
    )
    func failures(row: (cause: HTTPFailure.Cause, reason: ServiceError.Reason, message: String)) throws {
        let error = Self.errors.failure(HTTPFailure(row.cause), at: try Self.url(), mayActFrom: .wholeBody)
        #expect(error.reason == row.reason)
        #expect(error.description == row.message)
        #expect(error.isTransient == [.unreachable, .unavailable].contains(row.reason))
    }

    @Test(
        "A status says what happened and what to do",
        arguments: [
            (
                301, ServiceError.Reason.misconfigured,
                "\(place) points elsewhere (301), which is not followed. Check JUVOLY_REST_URL."
            ),
            (400, .rejected, "Juvoly did not accept the request (400)."),
            (401, .refused, "Juvoly refused the credentials (401). Check THE KEY."),
            (404, .misconfigured, "\(place) does not know this call (404). Check JUVOLY_REST_URL."),
            (429, .throttled, "Juvoly asks to wait (429). Try again later."),
            (503, .unavailable, "Juvoly is out of order (503). Try again later."),
        ]
    )
    func statuses(row: (status: Int, reason: ServiceError.Reason, message: String)) throws {
        let answer = HTTPAnswer(status: row.status, body: Array("canary".utf8))
        let error = Self.errors.status(answer, at: try Self.url(), retryAfter: nil)
        #expect(error.reason == row.reason)
        #expect(error.status == row.status)
        #expect(error.description == row.message)
    }

    @Test("Past the point of no return a lost answer leaves the outcome unknown")
    func pointOfNoReturn() throws {
        let url = try Self.url()
        let table: [(ServiceErrors.PointOfNoReturn, BodyProgress, ServiceError.Reason)] = [
            (.never, .whole, .unreachable), (.firstByte, .notStarted, .unreachable),
            (.firstByte, .partly, .unknownOutcome), (.firstByte, .whole, .unknownOutcome),
            (.wholeBody, .partly, .unreachable), (.wholeBody, .whole, .unknownOutcome),
        ]
        for (point, progress, reason) in table {
            let failure = HTTPFailure(.connectionLost, progress: progress)
            #expect(Self.errors.failure(failure, at: url, mayActFrom: point).reason == reason)
        }
        let cancelled = HTTPFailure(.cancelled, progress: .partly)
        #expect(Self.errors.failure(cancelled, at: url, mayActFrom: .firstByte).reason == .unknownOutcome)
        let shortened = HTTPFailure(.bodyUnreadable, progress: .partly)
        #expect(Self.errors.failure(shortened, at: url, mayActFrom: .firstByte).reason == .misconfigured)
    }

    @Test("An unknown outcome is told as one")
    func unknownOutcome() {
        #expect(
            Self.errors.unknownOutcome(status: nil).description
                == "Juvoly gave no answer after the request was sent. Whether it was carried out is unknown, so it is "
                + "not repeated."
        )
        #expect(Self.errors.unknownOutcome(status: 502).message.contains("answered with an error (502)"))
        #expect(Self.errors.unknownOutcome(status: 200).message.contains("cannot be read (200)"))
        #expect(!Self.errors.unknownOutcome(status: 502).isTransient)
    }
}
