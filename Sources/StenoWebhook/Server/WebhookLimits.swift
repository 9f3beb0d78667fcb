/// What a stranger may cost us. At each bound the connection ends, and the sender is told why where that is possible.
package struct WebhookLimits: Hashable, Sendable {
    /// Bytes of one body (contract NxVET §9.2): 413.
    package var body = 1 << 20
    /// Bytes of one header field and of all of them together: 431 or 400.
    package var headerField = 8 << 10
    package var headers = 16 << 10
    package var headerCount = 64
    /// From the connection, or the last answer, to a whole head.
    package var headTime: Duration = .seconds(10)
    /// From the head to the end of the body.
    package var bodyTime: Duration = .seconds(20)
    /// Open connections. Further ones wait in the kernel's queue until one ends.
    package var connections = 512

    package init() {}
}
