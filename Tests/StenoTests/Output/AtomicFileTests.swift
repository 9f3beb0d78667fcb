import Glibc
import Steno
import StenoTesting
import Testing

@Suite("Atomic file")
struct AtomicFileTests {
    private let folder = TemporaryFolder()

    private func mode(of path: String) -> mode_t {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return status.st_mode & 0o7777
    }

    private func failure(writing path: String) -> OutputError? {
        do throws(OutputError) {
            try AtomicFile.write("new", to: path)
            return nil
        } catch {
            return error
        }
    }

    @Test("The content is there, for its owner only, and nothing is left beside it")
    func writes() throws {
        try AtomicFile.write("Good morning.\n", to: self.folder.path("a.txt"))
        #expect(self.folder.read("a.txt") == Array("Good morning.\n".utf8))
        #expect(self.mode(of: self.folder.path("a.txt")) == 0o600)
        #expect(self.folder.names == ["a.txt"])
    }

    @Test("An old file is replaced as a whole, its readers keep what they opened")
    func replaces() throws {
        let path = self.folder.write(Array("the old content".utf8), to: "a.txt")
        chmod(path, 0o644)
        let reader = open(path, O_RDONLY)
        defer { close(reader) }
        try AtomicFile.write("new", to: path)
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes[..<count], as: UTF8.self) == "the old content")
        #expect(self.folder.read("a.txt") == Array("new".utf8))
        #expect(self.mode(of: path) == 0o600)
    }

    @Test("A link stays, and the file it leads to is replaced")
    func link() throws {
        let target = self.folder.write([], to: "target.txt")
        symlink(target, self.folder.path("link.txt"))
        try AtomicFile.write("new", to: self.folder.path("link.txt"))
        #expect(self.folder.read("target.txt") == Array("new".utf8))
        var status = stat()
        #expect(lstat(self.folder.path("link.txt"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test("A missing folder is named with its file, and is not made")
    func missingFolder() {
        let path = self.folder.path("none/a.txt")
        #expect(self.failure(writing: path)?.number == ENOENT)
        #expect(self.failure(writing: path)?.description.contains("'\(path)'") == true)
        #expect(self.folder.names.isEmpty)
    }

    @Test("A folder, a pipe and a file in the place of a folder are refused and stay as they are")
    func wrongKind() {
        mkdir(self.folder.path("folder.txt"), 0o700)
        mkfifo(self.folder.path("pipe.txt"), 0o600)
        _ = self.folder.write([1], to: "file")
        #expect(self.failure(writing: self.folder.path("folder.txt"))?.number == EISDIR)
        #expect(self.failure(writing: self.folder.path("pipe.txt"))?.number == EEXIST)
        #expect(self.failure(writing: self.folder.path("file/a.txt"))?.number == ENOTDIR)
        #expect(self.folder.names == ["file", "folder.txt", "pipe.txt"])
    }

    @Test("A read-only folder is refused before any work is done", .enabled(if: geteuid() != 0))
    func readOnlyFolder() {
        chmod(self.folder.path, 0o500)
        defer { chmod(self.folder.path, 0o700) }
        #expect(self.failure(writing: self.folder.path("a.txt"))?.number == EACCES)
        #expect(throws: OutputError.self) { try AtomicFile.check(self.folder.path("a.txt")) }
    }

    @Test("A file system that takes no files leaves none")
    func noFileSystem() {
        #expect(self.failure(writing: "/proc/steno.txt") != nil)
    }

    @Test("A check finds nothing wrong where a file can be written, and writes none")
    func check() throws {
        try AtomicFile.check(self.folder.path("a.txt"))
        #expect(self.folder.names.isEmpty)
    }
}
