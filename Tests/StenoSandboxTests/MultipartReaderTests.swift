import Testing

@testable import StenoSandbox

@Suite("Multipart reader")
struct MultipartReaderTests {
    private static let form = [
        "--b0\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nBella\r\n",
        "--b0\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n",
        "--b0\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a \\\"b\\\".wav\"\r\n",
        "Content-Type: audio/wav\r\n\r\n",
        "\r\n--b\r\n--b1 almost a boundary\r\n-\r\n",
        "\r\n--b0--\r\n",
    ].joined()

    /// Names, file name and type of the parts with their data.
    private func read(_ text: String, pieceBytes: Int) throws -> [String] {
        var reader = MultipartReader(boundary: "b0")
        var parts: [String] = []
        var data: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            reader.append(rest.prefix(pieceBytes))
            rest = rest.dropFirst(pieceBytes)
            while let event = try reader.next() {
                switch event {
                case .part(let head):
                    parts.append("\(head.name)|\(head.fileName ?? "")|\(head.contentType ?? "")|")
                    data = []
                case .data(let bytes): data += bytes
                case .partEnded: parts[parts.count - 1] += String(decoding: data, as: UTF8.self)
                case .ended: parts.append("end")
                }
            }
        }
        return parts
    }

    @Test("A form reads the same in pieces of any size")
    func everySplit() throws {
        let expected = [
            "name|||Bella", "empty|||",
            "audio|a \"b\".wav|audio/wav|\r\n--b\r\n--b1 almost a boundary\r\n-\r\n", "end",
        ]
        for pieceBytes in 1...Self.form.utf8.count {
            #expect(try self.read(Self.form, pieceBytes: pieceBytes) == expected, "pieces of \(pieceBytes)")
        }
    }

    @Test(
        "A form that is malformed is refused",
        arguments: [
            "no boundary at all, for as long as it takes",
            "x\r\n--b0\r\n",
            "--b0x\r\n",
            "--b0\r\nContent-Type: text/plain\r\n\r\nx\r\n--b0--",
            "--b0\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b0--",
            "--b0\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b0--",
            "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b0--\r\nmore",
        ]
    )
    func malformed(_ text: String) {
        #expect(throws: MultipartError.self) { try self.read(text, pieceBytes: 7) }
    }

    @Test("A part's head and the number of parts are bounded")
    func bounds() {
        let part = "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n"
        #expect(throws: MultipartError.self) {
            try self.read(String(repeating: part, count: 33) + "--b0--", pieceBytes: 1_000)
        }
        #expect(throws: MultipartError.self) {
            try self.read("--b0\r\nX: " + String(repeating: "a", count: 10_000), pieceBytes: 1_000)
        }
    }
}
