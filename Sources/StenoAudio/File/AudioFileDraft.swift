import Glibc
import StenoCore

/// What the writers of all formats have in common: a file that only this user may read, and that is there whole or not
/// at all.
enum AudioFileDraft {
    /// A second at a time.
    static let blockFrames = SamplePosition.rate

    /// Has `encode` write what of `span` is available now, all of it by default. A file that is there is replaced; one
    /// that cannot be finished is removed. Blocks; not for an event loop.
    ///
    /// - Parameter encode: gets a descriptor to read and write, which stays open until it returns.
    /// - Returns: how many frames were written.
    static func write(
        _ source: any SampleSource,
        _ span: AudioSpan?,
        to path: String,
        _ encode: (AudioSpan, CInt) throws(AudioError) -> Void
    ) throws(AudioError) -> Int64 {
        let available = AudioSpan(start: .zero, end: source.progress.available)
        let span = span?.clamped(to: available) ?? available
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.refused(path, "open") }
        let file = FileHandle(owning: descriptor)
        do throws(AudioError) {
            // A file that was there keeps its permissions when it is opened.
            guard fchmod(file.descriptor, 0o600) == 0 else { throw self.refused(path, "fchmod") }
            try encode(span, file.descriptor)
        } catch {
            unlink(path)
            throw error
        }
        return span.frames
    }

    /// Hands the samples of `span` to `body`, block by block.
    static func blocks(
        of span: AudioSpan,
        _ source: any SampleSource,
        path: String,
        _ body: (UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Void
    ) throws(AudioError) {
        let block = Scratch<Int16>(count: self.blockFrames, filledWith: 0)
        var position = span.start
        while position < span.end {
            let room = Int(min(Int64(self.blockFrames), span.end - position))
            let piece = UnsafeMutableBufferPointer(rebasing: block.buffer[..<room])
            let count = try source.read(at: position, into: piece)
            // What was available stays available, so there is something unless the source breaks its word.
            guard count > 0 else { throw AudioError(.readFailed, path: path, cause: "read: 0 of \(room)") }
            try body(UnsafeMutableBufferPointer(rebasing: piece[..<count]))
            position = position + Int64(count)
        }
    }

    static func refused(_ path: String, _ call: StaticString) -> AudioError {
        AudioError(.storage(folder: path), path: path, cause: "\(call): \(errno)")
    }
}
