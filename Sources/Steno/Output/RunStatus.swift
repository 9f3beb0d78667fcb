/// What a person watches while a run goes on: a line, a screen, or plain lines in a log.
package protocol RunStatus: Sendable {
    mutating func receive(_ event: RunEvent)
    /// Takes away what is drawn, so that something else can be written where it was.
    mutating func hide()
    /// It may be drawn again.
    mutating func show()
    /// Draws what is due. Called after each batch of events, and when the time has come that it gave.
    ///
    /// - Parameter interimSince: when the oldest interim of the batch arrived, if there was one.
    /// - Returns: when it wants to be called again if nothing happens; `nil` for never.
    mutating func paint(interimSince: ContinuousClock.Instant?) -> ContinuousClock.Instant?
    /// Draws everything anew: the terminal's size or content may be different.
    mutating func redraw()
    /// Nothing more will be shown. What is drawn is taken away and the terminal is as it was.
    mutating func close()
    /// From interim received to interim painted, so far.
    var paintLatency: PaintLatency { get }
}

extension RunStatus {
    package mutating func paint(interimSince: ContinuousClock.Instant?) -> ContinuousClock.Instant? { nil }
    package mutating func redraw() {}
    package mutating func close() { self.hide() }
    package var paintLatency: PaintLatency { PaintLatency() }
}

/// For outputs that nobody watches.
package struct NoStatus: RunStatus {
    package init() {}
    package mutating func receive(_ event: RunEvent) {}
    package mutating func hide() {}
    package mutating func show() {}
}
