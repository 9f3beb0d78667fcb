internal import StenoHTTP

/// Builds a `multipart/form-data` body (RFC 7578) whose file is streamed and whose length is known before.
struct MultipartForm {
    private let boundary: String
    private var text: [UInt8] = []

    /// - Parameter boundary: must not occur in any part; 128 random bits see to that.
    init(boundary: String) {
        self.boundary = boundary
    }

    static func randomBoundary() -> String {
        var random = SystemRandomNumberGenerator()
        return "steno-\(DeliveryMark.hexadecimal(random.next()))\(DeliveryMark.hexadecimal(random.next()))"
    }

    mutating func add(_ name: StaticString, _ value: String) {
        self.text += Array(
            "--\(self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
        )
    }

    /// Ends the form with a file.
    func body(
        file: BodyFile,
        named name: StaticString,
        fileName: StaticString,
        type: StaticString
    ) -> RequestBody {
        let head =
            "--\(self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\n"
            + "Content-Type: \(type)\r\n\r\n"
        return RequestBody(
            contentType: "multipart/form-data; boundary=\(self.boundary)",
            pieces: [
                .bytes(self.text + Array(head.utf8)),
                .file(file),
                .bytes(Array("\r\n--\(self.boundary)--\r\n".utf8)),
            ]
        )
    }
}
