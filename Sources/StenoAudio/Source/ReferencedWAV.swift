import Glibc
package import StenoCore

/// A regular WAV file that already is what every session reads, 16 kHz mono 16-bit: its samples are read where they
/// lie, with no decoder, thread or copy of the file in between.
///
/// The file must stay as it is until the end; one that becomes shorter gives an error, never silence.
package final class ReferencedWAV: SampleSource {
    private let file: FileHandle
    private let path: String
    /// Where the first sample lies, in bytes.
    private let dataOffset: Int64
    private let frames: Int64
    package let warnings: [AudioWarning]

    init(file: consuming FileHandle, path: String, extent: WAVExtent) {
        self.file = file
        self.path = path
        self.dataOffset = extent.offset
        self.frames = extent.frames
        self.warnings = extent.warnings.map { AudioWarning($0, path: path) }
    }

    package var totalFrames: Int64? { self.frames }

    package var progress: SourceProgress {
        SourceProgress(available: SamplePosition(frames: self.frames), isComplete: true)
    }

    /// Everything is there from the beginning, so this rings once and never again.
    package func observe(_ doorbell: @escaping @Sendable () -> Void) {
        doorbell()
    }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        guard position.frames >= 0, position.frames < self.frames else { return 0 }
        let count = Int(min(Int64(buffer.count), self.frames - position.frames))
        let bytes = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * 2)])
        guard let got = self.file.read(at: self.dataOffset + position.frames * 2, into: bytes) else {
            throw AudioError(.readFailed, path: self.path, cause: "pread: \(errno)")
        }
        guard got == count * 2 else { throw AudioError(.shortened, path: self.path) }
        return count
    }
}
