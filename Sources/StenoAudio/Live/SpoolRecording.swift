import Glibc
package import StenoCore
import Synchronization

/// Keeps a live recording in a file without a name: 16 kHz mono 16-bit, 115 MB an hour, gone with its last descriptor.
/// A sample lies at twice its position, so a gap is a hole of the file: it reads as zeros and takes no room.
package final class SpoolRecording: RecordingSink {
    private let file: FileHandle
    private let folder: String
    private let name: String
    private let end = Atomic<Int64>(0)

    /// - Parameters:
    ///   - folder: made with mode 0700, parents included, when it is not there.
    ///   - name: of the microphone, for messages.
    package convenience init(folder: String, name: String = "microphone") throws(AudioError) {
        self.init(file: try Spool.makeFile(in: folder, path: name), folder: folder, name: name)
    }

    private init(file: consuming FileHandle, folder: String, name: String) {
        self.file = file
        self.folder = folder
        self.name = name
    }

    /// Nothing survives: whoever wants that uses a recording that is kept.
    package var durable: SamplePosition { .zero }

    package func append(
        _ samples: UnsafeBufferPointer<Int16>,
        at position: SamplePosition
    ) throws(AudioError) {
        guard let failure = self.file.write(UnsafeRawBufferPointer(samples), at: position.frames * 2) else {
            return self.end.store(position.frames + Int64(samples.count), ordering: .releasing)
        }
        throw AudioError(.storage(folder: self.folder), path: self.name, cause: "pwrite: \(failure)")
    }

    package func missed(_ gap: AudioGap) {
        self.end.store(gap.span.end.frames, ordering: .releasing)
    }

    package func finish() {}

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        let end = self.end.load(ordering: .acquiring)
        guard position.frames >= 0, position.frames < end else { return 0 }
        let count = Int(min(Int64(buffer.count), end - position.frames))
        let samples = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        let bytes = UnsafeMutableRawBufferPointer(samples)
        guard let got = self.file.read(at: position.frames * 2, into: bytes) else {
            throw AudioError(.readFailed, path: self.name, cause: "pread of the spool: \(errno)")
        }
        // The file ends with its last sample; a gap behind that is zeros too.
        UnsafeMutableRawBufferPointer(rebasing: bytes[got...]).initializeMemory(as: UInt8.self, repeating: 0)
        return count
    }
}
