/// What came back: always a status; the body may be cut, oversized, or no text at all.
package struct HTTPAnswer: Sendable {
    /// Whether the body can be relied on.
    package enum Completeness: Hashable, Sendable {
        /// The body ended as its framing said it would.
        case complete
        /// The connection ended, or the time was up, before the body did.
        case truncated
        /// The body was longer than the request allows; the rest was not read.
        case oversized
    }

    package let status: Int
    /// Every header in the order received, names in lower case.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package let completeness: Completeness

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        completeness: Completeness = .complete
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.completeness = completeness
    }

    package var isSuccess: Bool { (200...299).contains(self.status) }

    /// The first value of the header `name`, which is written in lower case.
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }

    /// The delay the far side asks for in `Retry-After`, 1 to 120 s; `nil` if it asks for none that can be read.
    /// - Parameter secondsSince1970: the wall clock, for answers that name a date.
    package func retryAfter(secondsSince1970: Int64) -> Duration? {
        self.header("retry-after").flatMap { RetryAfter.duration($0, secondsSince1970: secondsSince1970) }
    }
}
