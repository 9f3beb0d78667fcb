import Glibc
package import StenoCore

/// Writes one part of a recording as an upload wants it.
package enum UploadWriter {
    /// To a file that only this user may read; one that is there is replaced, one that cannot be finished is removed.
    /// Blocks; not for an event loop.
    package static func write(
        _ source: any SampleSource,
        _ part: UploadPlan.Part,
        to path: String
    ) throws(AudioError) {
        let written =
            switch part.format {
            case .wav: try WAVWriter.write(source, part.span, to: path)
            case .mp3: try MP3Writer.write(source, part.span, to: path)
            case .flac: try FLACWriter.write(source, part.span, to: path)
            }
        guard written == part.span.frames else {
            unlink(path)
            throw AudioError(.shortened, path: path, cause: "write: \(written) of \(part.span.frames)")
        }
    }
}
