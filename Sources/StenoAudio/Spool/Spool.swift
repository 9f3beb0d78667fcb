import Glibc
import StenoCore
import Synchronization

/// A file without a name that holds decoded audio: 16 kHz mono 16-bit, 115 MB an hour. One producer appends, anybody
/// reads; memory stays flat whatever the length. The system frees it with its last descriptor, also after a crash.
final class Spool: Sendable {
    let growth = GrowingProgress()
    let stop: StopSignal
    private let file: FileHandle
    private let folder: String
    let path: String
    /// -1: unknown.
    private let expected: Atomic<Int64>
    private let problems = Mutex<[AudioWarning]>([])

    /// - Parameters:
    ///   - path: the input as the user wrote it, for messages.
    ///   - folder: made with mode 0700, parents included, when it is not there.
    convenience init(path: String, folder: String, stop: StopSignal) throws(AudioError) {
        let file = try Self.makeFile(in: folder, path: path)
        self.init(path: path, folder: folder, stop: stop, file: file)
    }

    init(path: String, folder: String, stop: StopSignal, file: consuming FileHandle) {
        self.path = path
        self.folder = folder
        self.stop = stop
        self.file = file
        self.expected = Atomic(-1)
    }

    var warnings: [AudioWarning] { self.problems.withLock { $0 } }

    var totalFrames: Int64? {
        let progress = self.growth.snapshot
        if progress.isComplete { return progress.available.frames }
        let expected = self.expected.load(ordering: .relaxed)
        return expected < 0 ? nil : expected
    }

    func expect(frames: Int64?) {
        self.expected.store(frames ?? -1, ordering: .relaxed)
    }

    /// Appends at the end. Producer only.
    func append(_ samples: UnsafeBufferPointer<Int16>) throws(AudioError) {
        if let failure = self.file.write(UnsafeRawBufferPointer(samples), at: self.growth.frames * 2) {
            throw AudioError(.storage(folder: self.folder), path: self.path, cause: "pwrite: \(failure)")
        }
        self.growth.advance(by: samples.count)
    }

    /// Ends the audio. Producer only.
    func finish(warnings: [AudioWarning.Kind], failure: AudioError? = nil) {
        let path = self.path
        // Before the end is shown: who sees the end also sees these.
        self.problems.withLock { $0 = warnings.map { AudioWarning($0, path: path) } }
        self.growth.finish(failure: failure)
    }

    func read(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int {
        let available = self.growth.frames
        guard position.frames >= 0, position.frames < available else { return 0 }
        let count = Int(min(Int64(buffer.count), available - position.frames))
        let bytes = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * 2)])
        guard self.file.read(at: position.frames * 2, into: bytes) == count * 2 else {
            throw AudioError(.readFailed, path: self.path, cause: "pread of the spool: \(errno)")
        }
        return count
    }

    /// A file that only its descriptor leads to, and only this user may open.
    static func makeFile(in folder: String, path: String) throws(AudioError) -> FileHandle {
        makeFolder(folder)
        var random = SystemRandomNumberGenerator()
        // A name that is taken by chance is tried again; one that cannot be made at all is not.
        for _ in 0..<16 {
            let name = "\(folder)/spool-\(String(UInt64.random(in: .min ... .max, using: &random), radix: 36))"
            let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            if descriptor >= 0 {
                unlink(name)
                return FileHandle(owning: descriptor)
            }
            guard errno == EEXIST || errno == EINTR else { break }
        }
        throw AudioError(.storage(folder: folder), path: path, cause: "open: \(errno)")
    }

    /// Makes `folder` and its parents. What fails shows when the file is made in it.
    private static func makeFolder(_ folder: String) {
        guard mkdir(folder, 0o700) != 0, errno == ENOENT, let slash = folder.lastIndex(of: "/"),
            slash > folder.startIndex
        else { return }
        self.makeFolder(String(folder[..<slash]))
        mkdir(folder, 0o700)
    }
}
