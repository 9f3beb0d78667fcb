/// The body of a request: a list of pieces whose lengths are known before the first byte is sent, so that every
/// request carries `Content-Length` and none is chunked.
package struct RequestBody: Sendable {
    package enum Piece: Sendable {
        case bytes([UInt8])
        case file(BodyFile)

        var length: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(let file): file.length
            }
        }
    }

    package let contentType: String
    package let pieces: [Piece]
    /// In bytes; what goes into `Content-Length`.
    package let length: Int64
    /// Called with the number of bytes handed to the connection so far, from whatever thread sends. Cheap or nothing.
    package var onProgress: (@Sendable (Int64) -> Void)?

    package init(contentType: String, pieces: [Piece], onProgress: (@Sendable (Int64) -> Void)? = nil) {
        self.contentType = contentType
        self.pieces = pieces
        self.length = pieces.reduce(0) { $0 + $1.length }
        self.onProgress = onProgress
    }

    package static func json(_ text: String) -> RequestBody {
        RequestBody(contentType: "application/json", pieces: [.bytes(Array(text.utf8))])
    }
}
