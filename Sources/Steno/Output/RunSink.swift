import StenoCore
import StenoWire

/// Somebody who shows or writes what a run tells.
package protocol RunSink {
    mutating func receive(_ event: RunEvent) throws(OutputError)
}

/// Standard output: the final text as it comes, or one of the formats, and nothing else.
package struct StandardOutputSink: RunSink {
    private let format: OutputFormat
    private let descriptor: Int32
    private var document = RecordingDocument()

    package init(format: OutputFormat, descriptor: Int32 = 1) {
        self.format = format
        self.descriptor = descriptor
    }

    package mutating func receive(_ event: RunEvent) throws(OutputError) {
        switch self.format {
        case .jsonl:
            guard let line = EventLine.json(for: event) else { return }
            try self.write(line.serialized() + "\n")
        case .text:
            self.document.received(event)
            if case .recognition(.transcript(.deliver(let utterance))) = event {
                try self.write(RecordingDocument.line(of: utterance) + "\n")
            }
            if case .end = event { try self.write(self.document.closingText) }
        case .json, .srt, .vtt, .md:
            self.document.received(event)
            if case .end = event { try self.write(self.document.rendered(as: self.format)) }
        }
    }

    private func write(_ text: String) throws(OutputError) {
        try Descriptor.write(text, to: self.descriptor, path: "-")
    }
}

/// The files of `--output`, written whole when the run has ended.
package struct FileSink: RunSink {
    private let files: [(path: String, format: OutputFormat)]
    private var document = RecordingDocument()

    package init(files: [(path: String, format: OutputFormat)]) {
        self.files = files
    }

    package mutating func receive(_ event: RunEvent) throws(OutputError) {
        guard !self.files.isEmpty else { return }
        self.document.received(event)
        guard case .end = event else { return }
        var failure: OutputError?
        for file in self.files {
            do throws(OutputError) {
                try AtomicFile.write(self.document.rendered(as: file.format), to: file.path)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
