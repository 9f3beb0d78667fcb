/// A request that brought no status back.
package struct HTTPFailure: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The name is unknown, nobody listens, or the way there is closed.
        case noConnection
        /// TLS could not be agreed on, or the certificate is not trusted.
        case untrusted
        /// The time limit passed.
        case timeLimit
        /// The connection ended before an answer.
        case connectionLost
        /// What came back is not HTTP.
        case notHTTP
        /// A header of ours has a character no header may have.
        case badHeader
        /// The file to be sent could not be read, or changed while it was sent.
        case bodyUnreadable
        /// The extra certificate authorities could not be read.
        case badTrustFile(TrustAnchorsError)
        /// The task was cancelled, or the transport was shut down.
        case cancelled
    }

    package let cause: Cause
    /// How much of the body had left when it ended.
    package let progress: BodyProgress

    package init(_ cause: Cause, progress: BodyProgress = .notStarted) {
        self.cause = cause
        self.progress = progress
    }
}
