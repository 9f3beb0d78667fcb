extension WebSocketEnd: CustomStringConvertible {
    /// For the log and for a person; nothing the far side wrote is in it.
    package var description: String {
        let code = self.code.map { " (code \($0))" } ?? ""
        return switch self.cause {
        case .closedThere: "the service closed the connection\(code)"
        case .closedHere: "the connection was closed in order\(code)"
        case .unanswered: "the service did not answer the close"
        case .lost: "the connection broke"
        case .fault(let fault): "the service broke a rule of the connection: \(fault)"
        case .aborted: "the connection was dropped here"
        }
    }
}
