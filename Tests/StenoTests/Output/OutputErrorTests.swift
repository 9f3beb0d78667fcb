import Glibc
import Steno
import Testing

@Suite("Output error")
struct OutputErrorTests {
    @Test(
        "A file that cannot be written is named, with the reason and what to do",
        arguments: [
            (ENOENT, "'a.txt' cannot be written: its folder does not exist. Make the folder first."),
            (ENOTDIR, "'a.txt' cannot be written: its folder does not exist. Make the folder first."),
            (EACCES, "'a.txt' cannot be written: there is no permission. Choose a folder of yours."),
            (EROFS, "'a.txt' cannot be written: the disk is read-only. Choose another folder."),
            (ENOSPC, "'a.txt' cannot be written: the disk is full. Free some space and run it again."),
            (EISDIR, "'a.txt' cannot be written: it is a folder. Name a file in it."),
            (EEXIST, "'a.txt' cannot be written: it is no regular file. Choose another name."),
            (ENAMETOOLONG, "'a.txt' cannot be written: the name is too long. Choose a shorter one."),
            (EIO, "'a.txt' cannot be written (error 5). Check the disk."),
        ]
    )
    func file(number: Int32, text: String) {
        #expect(OutputError(path: "a.txt", call: "open", number: number).description == text)
    }

    @Test(
        "Standard output has words of its own",
        arguments: [
            (EPIPE, "Standard output was closed by its reader, so it did not get the whole result."),
            (EBADF, "Standard output is closed. Send it somewhere and run it again."),
            (ENOSPC, "Standard output cannot be written: the disk is full. Free some space and run it again."),
            (EIO, "Standard output cannot be written (error 5). Send it somewhere else and run it again."),
        ]
    )
    func standardOutput(number: Int32, text: String) {
        #expect(OutputError(path: "-", call: "write", number: number).description == text)
    }
}
