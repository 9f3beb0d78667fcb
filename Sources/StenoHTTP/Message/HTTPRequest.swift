/// One request, before it has a connection.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
    }

    package var method: Method
    package var url: ServiceURL
    /// Header values may hold keys: they are used for the request line below and nowhere else.
    package var headers: [(name: String, value: String)]
    package var body: RequestBody?
    /// From the call to the last byte of the answer.
    package var timeLimit: Duration
    /// The largest answer accepted, in bytes.
    package var answerLimit: Int

    /// 4 MiB: the largest answer any of the services is expected to give, with room to spare.
    package static let defaultAnswerLimit = 4 << 20

    package init(
        _ method: Method,
        _ url: ServiceURL,
        headers: [(name: String, value: String)] = [],
        body: RequestBody? = nil,
        timeLimit: Duration = .seconds(15),
        answerLimit: Int = HTTPRequest.defaultAnswerLimit
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeLimit = timeLimit
        self.answerLimit = answerLimit
    }
}
