import Glibc
package import StenoAudio
import StenoCore

/// Writes the audio of a recording as a file for other programs. Gaps and damage are silence, so times stay right.
package enum RecordingExport: String, CaseIterable, Sendable {
    case wav, flac

    /// The form that a file name asks for by its suffix; `nil` if the suffix names none.
    package init?(fileName: String) {
        let name = fileName.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        self.init(rawValue: name[name.index(after: dot)...].lowercased())
    }

    /// Writes to a file that only this user may read. It appears under its name when it is whole, and replaces what was
    /// there. Blocks.
    ///
    /// - Returns: how many frames were written.
    @discardableResult
    package func write(_ source: any SampleSource, to path: String) throws(AudioError) -> Int64 {
        let temporary = "\(path).\(getpid()).part"
        let frames: Int64
        do throws(AudioError) {
            switch self {
            case .wav: frames = try WAVWriter.write(source, to: temporary)
            case .flac: frames = try FLACWriter.write(source, to: temporary)
            }
        } catch  where error.path == temporary && error.code == .storageRefused {
            throw AudioError(.storage(folder: path), path: path, cause: error.cause)
        }
        guard rename(temporary, path) == 0 else {
            let number = errno
            unlink(temporary)
            throw AudioError(.storage(folder: path), path: path, cause: "rename: \(number)")
        }
        return frames
    }
}
