import StenoCore

/// Which outputs have a use for events that come many times a second: no thread is woken for nothing.
struct EventTakers: Sendable {
    private let isDrawing: Bool
    private let screenTakesLines: Bool
    private let outputTakesLines: Bool
    private let filesTakeLines: Bool

    /// - Parameter isOne: the screen's thread writes standard output too.
    init(isDrawing: Bool, output: OutputFormat, isOne: Bool, files: [OutputFormat]) {
        self.isDrawing = isDrawing
        self.screenTakesLines = isOne && output == .jsonl
        self.outputTakesLines = output == .jsonl
        self.filesTakeLines = files.contains(.jsonl)
    }

    func needsScreen(_ event: RunEvent) -> Bool {
        switch event {
        case .level: self.isDrawing
        case .recognition(.transcript(.show)): self.isDrawing || self.screenTakesLines
        default: true
        }
    }

    func needsOutput(_ event: RunEvent) -> Bool { Self.isWritten(event, asLine: self.outputTakesLines) }
    func needsFiles(_ event: RunEvent) -> Bool { Self.isWritten(event, asLine: self.filesTakeLines) }

    private static func isWritten(_ event: RunEvent, asLine: Bool) -> Bool {
        switch event {
        case .level, .recognition(.progress): false
        case .recognition(.transcript(.show)): asLine
        default: true
        }
    }
}
