import Glibc

/// Gives the bytes of an input in order. One thread owns it at a time.
protocol ByteSource: AnyObject {
    /// What was wrong, complete after the end.
    var warnings: [AudioWarning.Kind] { get }

    /// Fills `buffer` from the front with what is there, waiting for at least one byte, and returns how many: 0 at the
    /// end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int
}

/// The samples of a WAV file whose extent is known.
final class FileBytes: ByteSource {
    let warnings: [AudioWarning.Kind]
    private let file: FileHandle
    private let path: String
    private var rest: Range<Int64>

    init(file: consuming FileHandle, path: String, extent: WAVExtent, bytesPerFrame: Int) {
        self.file = file
        self.path = path
        self.warnings = extent.warnings
        self.rest = extent.offset..<(extent.offset + extent.frames * Int64(bytesPerFrame))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        let count = Int(min(Int64(buffer.count), self.rest.upperBound - self.rest.lowerBound))
        guard count > 0 else { return 0 }
        let offset = self.rest.lowerBound
        guard let got = self.file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
        else {
            throw AudioError(.readFailed, path: self.path, cause: "pread: \(errno)")
        }
        guard got > 0 else { throw AudioError(.shortened, path: self.path) }
        self.rest = (offset + Int64(got))..<self.rest.upperBound
        return got
    }
}
