import Glibc
import StenoAudio
import StenoTesting
import Testing

@testable import Steno

@Suite("File content")
struct FileContentTests {
    private let folder = TemporaryFolder()

    @Test("The same bytes are the same content, whatever the file is called; one bit makes another one")
    func identity() throws {
        var bytes = [UInt8](repeating: 7, count: 3_000_001)
        let one = try #require(try FileContent(of: self.folder.write(bytes, to: "one.wav")))
        let same = try #require(try FileContent(of: self.folder.write(bytes, to: "same.wav")))
        bytes[2_000_000] ^= 1
        let other = try #require(try FileContent(of: self.folder.write(bytes, to: "other.wav")))
        #expect(one.digest == same.digest && one.digest != other.digest)
        #expect(one.bytes == 3_000_001 && one.modified > 0)
        #expect(one.path.hasPrefix("/") && one.path.hasSuffix("/one.wav"))
    }

    @Test("The digest is SHA-256, as every other program tells it")
    func digest() throws {
        let content = try #require(try FileContent(of: self.folder.write(Array("abc".utf8), to: "abc")))
        #expect(content.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("What is no file that could be read again has no content, and what is not there is an error")
    func nothing() throws {
        #expect(try FileContent(of: self.folder.path) == nil)
        let pipe = self.folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(try FileContent(of: pipe) == nil)
        #expect(throws: AudioError.self) { try FileContent(of: self.folder.path("none")) }
    }
}
