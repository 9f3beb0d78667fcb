/// All that shows or writes what a run tells. An output that fails does not stop the others.
package struct RunOutputs: Sendable {
    private var status: any RunStatus
    private var output: StandardOutput?
    private var files: [OutputFile]
    private let descriptor: Int32
    /// Standard output is gone: its reader left, or its disk is full.
    private var outputFailure: OutputError?
    private var fileFailures: [OutputError] = []

    /// - Parameter output: what `descriptor` gets; `nil` for nothing.
    package init(
        status: any RunStatus,
        output: StandardOutput?,
        descriptor: Int32 = 1,
        files: [OutputFile] = []
    ) {
        self.status = status
        self.output = output
        self.descriptor = descriptor
        self.files = files
    }

    package mutating func receive(_ event: RunEvent) {
        // The last thing a person reads is how it ended, not the middle of a summary.
        let isEnd = if case .end = event { true } else { false }
        if !isEnd { self.status.receive(event) }
        if self.outputFailure == nil, let text = self.output?.text(for: event) { self.write(text) }
        if isEnd { self.status.receive(event) }
        for index in self.files.indices {
            do throws(OutputError) {
                try self.files[index].receive(event)
            } catch {
                self.fileFailures.append(error)
            }
        }
    }

    /// Draws what is due, see `RunStatus`.
    package mutating func paint(interimSince: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        self.status.paint(interimSince: interimSince)
    }

    package mutating func redraw() { self.status.redraw() }

    /// The terminal is left as it was.
    package mutating func close() { self.status.close() }

    package mutating func hide() { self.status.hide() }

    package var paintLatency: PaintLatency { self.status.paintLatency }

    /// What could not be written, in the order in which it happened.
    package var failures: [OutputError] { (self.outputFailure.map { [$0] } ?? []) + self.fileFailures }

    /// Nobody will ever get the result, so that there is no reason to go on.
    package var isForNobody: Bool { self.outputFailure != nil && self.files.isEmpty }

    private mutating func write(_ text: String) {
        // Both may be the same terminal.
        self.status.hide()
        do throws(OutputError) {
            try Descriptor.write(text, to: self.descriptor, path: "-")
        } catch {
            self.outputFailure = error
        }
        self.status.show()
    }
}
