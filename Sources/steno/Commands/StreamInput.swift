import Glibc
import Steno
import StenoAudio
import StenoCore

/// What `stream` was given, open.
struct StreamInput {
    /// As the user wrote it; `-` is standard input.
    let file: String
    let source: SharedSource
    let origin: AudioOrigin

    /// - Throws: what is unreadable from the start.
    init(_ file: String, _ options: StreamInputOptions, spoolFolder: String) throws {
        self.file = file
        guard file == "-" else {
            let source = try AudioFile.open(file, spoolFolder: spoolFolder)
            self.origin = source is ReferencedWAV ? .referenced : Self.isRegular(file) ? .decoded : .piped
            self.source = SharedSource(source)
            return
        }
        guard !Terminal.isTerminal(0) else {
            throw Failure(.usage, "Standard input is a terminal. Pipe WAV or raw PCM into it, or name a file.")
        }
        self.origin = .piped
        self.source = SharedSource(
            try StandardInput.open(rate: options.rate, channels: options.channels, spoolFolder: spoolFolder)
        )
    }

    /// A name may stand for a pipe too.
    private static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// `nil` for what has no content that could be found again.
    func content() async -> FileContent? {
        self.origin == .piped ? nil : await FileContent.read(self.file)
    }
}
