import Glibc

/// Why text could not be written, and what to do. Exit code 74.
package struct OutputError: Error, Hashable, Sendable {
    /// As the user wrote it; `-` is standard output.
    package var path: String
    /// The call that failed. For the log.
    package var call: String
    /// What the call left in `errno`; it chooses the words.
    package var number: Int32

    package init(path: String, call: String, number: Int32) {
        self.path = path
        self.call = call
        self.number = number
    }
}

extension OutputError: CustomStringConvertible {
    /// What happened, then what to do. The wording is interface: a test pins every line.
    package var description: String {
        guard self.path != "-" else {
            return switch self.number {
            case EPIPE: "Standard output was closed by its reader, so it did not get the whole result."
            case EBADF: "Standard output is closed. Send it somewhere and run it again."
            case ENOSPC, EDQUOT:
                "Standard output cannot be written: the disk is full. Free some space and run it again."
            default:
                "Standard output cannot be written (error \(self.number)). Send it somewhere else and run it again."
            }
        }
        return switch self.number {
        case ENOENT, ENOTDIR: "'\(self.path)' cannot be written: its folder does not exist. Make the folder first."
        case EACCES, EPERM: "'\(self.path)' cannot be written: there is no permission. Choose a folder of yours."
        case EROFS: "'\(self.path)' cannot be written: the disk is read-only. Choose another folder."
        case ENOSPC, EDQUOT: "'\(self.path)' cannot be written: the disk is full. Free some space and run it again."
        case EISDIR: "'\(self.path)' cannot be written: it is a folder. Name a file in it."
        case EEXIST: "'\(self.path)' cannot be written: it is no regular file. Choose another name."
        case ENAMETOOLONG: "'\(self.path)' cannot be written: the name is too long. Choose a shorter one."
        default: "'\(self.path)' cannot be written (error \(self.number)). Check the disk."
        }
    }
}
