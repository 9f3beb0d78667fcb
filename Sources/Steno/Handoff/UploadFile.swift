import Glibc
import StenoAudio
import StenoCore

/// A recording, or a part of it, as a file of the kind that is uploaded, for as long as an upload needs it. It has no name by then, so that a program that is killed
/// leaves nothing behind.
final class UploadFile: Sendable {
    private static let prefix = "upload-"

    private let descriptor: Int32

    /// - Parameter folder: made when it is not there. What killed programs left in it goes.
    init(of source: any SampleSource, _ part: UploadPlan.Part, in folder: String) throws(AudioError) {
        if let number = PrivateFolder.make(folder) {
            throw AudioError(.storage(folder: folder), path: folder, cause: "mkdir: \(number)")
        }
        Self.sweep(folder)
        let path = "\(folder)/\(Self.prefix)\(getpid())-\(UInt64.random(in: 0 ... .max)).part"
        defer { unlink(path) }
        try UploadWriter.write(source, part, to: path)
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard self.descriptor >= 0 else { throw AudioError(.readFailed, path: path, cause: "open: \(errno)") }
    }

    deinit {
        if self.descriptor >= 0 { close(self.descriptor) }
    }

    /// Leads to it while this is held.
    var path: String { "/proc/self/fd/\(self.descriptor)" }

    /// Files of programs that are no more.
    private static func sweep(_ folder: String) {
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix(Self.prefix),
                let process = Int32(name.dropFirst(Self.prefix.count).prefix { $0 != "-" }), process > 0
            else { continue }
            if kill(process, 0) != 0, errno == ESRCH { unlink("\(folder)/\(name)") }
        }
    }
}
