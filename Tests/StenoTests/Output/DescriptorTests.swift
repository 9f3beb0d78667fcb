import Glibc
import Steno
import StenoTesting
import Testing

@Suite("Descriptor")
struct DescriptorTests {
    @Test("All of a text arrives, also through a pipe that takes it in pieces")
    func whole() async throws {
        let (reader, writer) = TestPipe.ends()
        defer { close(reader) }
        // A full pipe then refuses, instead of making the writer wait.
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let text = String(repeating: "0123456789abcdef", count: 20_000)
        let reading = Task.detached {
            var bytes: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 4_096)
            while case let count = read(reader, &block, block.count), count > 0 { bytes += block[..<count] }
            return bytes.count
        }
        try Descriptor.write(text, to: writer, path: "-")
        close(writer)
        #expect(await reading.value == text.utf8.count)
    }

    @Test("A full disk and a closed descriptor are errors with their number")
    func errors() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        #expect(throws: OutputError(path: "a.txt", call: "write", number: ENOSPC)) {
            try Descriptor.write("text", to: full, path: "a.txt")
        }
        #expect(throws: OutputError(path: "-", call: "write", number: EBADF)) {
            try Descriptor.write("text", to: -1, path: "-")
        }
    }
}
