import NIOCore

/// A request that is no HTTP/1.1, or larger than the sandbox takes. Answered with `status`, and the connection ends.
struct HTTPRequestError: Error, Hashable {
    var status: Int
    var reason: String
}

/// Cuts the bytes of one connection into requests: a head, pieces of body, an end.
///
/// Small and strict on purpose. A general HTTP codec would repair what a client got wrong, and then no test could see
/// it. Everything is bounded: see the limits below.
struct HTTPRequestReader {
    /// Request line and headers together.
    static let headLimit = 16 * 1024
    static let fieldLimit = 100
    /// Digits of a length; far above every body limit, far below an overflow.
    static let lengthDigits = 12

    enum Part: Hashable {
        case head(HTTPRequestHead)
        case body(ByteBuffer)
        case end
    }

    private enum Phase {
        case head
        case body(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
    }

    private var buffer = ByteBuffer()
    private var phase = Phase.head
    /// Bytes of an unfinished line that were already searched, so that a client that dribbles costs no more than another.
    private var searched = 0

    var bufferedBytes: Int { self.buffer.readableBytes }

    mutating func append(_ bytes: ByteBuffer) {
        if self.buffer.readableBytes == 0 {
            self.buffer = bytes
        } else {
            self.buffer.discardReadBytes()
            self.buffer.writeImmutableBuffer(bytes)
        }
    }

    /// What is left after the last part, for a connection that stops talking HTTP.
    mutating func takeRemainder() -> ByteBuffer {
        defer { self.buffer = ByteBuffer() }
        return self.buffer
    }

    /// - Returns: the next part, or `nil` until more bytes have come.
    /// - Throws: when the bytes are no request; the reader is of no use afterwards.
    mutating func next() throws(HTTPRequestError) -> Part? {
        while true {
            switch self.phase {
            case .head:
                return try self.readHead()
            case .body(let remaining):
                return self.readBody(remaining)
            case .chunkSize:
                guard let line = try self.readLine(limit: 64) else { return nil }
                let size = try Self.chunkSize(line)
                self.phase = size == 0 ? .trailers : .chunkData(remaining: size)
            case .chunkData(let remaining):
                guard let piece = self.readPiece(remaining) else { return nil }
                let left = remaining - piece.readableBytes
                self.phase = left == 0 ? .chunkEnd : .chunkData(remaining: left)
                return .body(piece)
            case .chunkEnd:
                guard let line = try self.readLine(limit: 64) else { return nil }
                guard line.isEmpty else { throw HTTPRequestError(status: 400, reason: "a chunk has no end") }
                self.phase = .chunkSize
            case .trailers:
                guard let line = try self.readLine(limit: Self.headLimit) else { return nil }
                guard line.isEmpty else { continue }
                self.phase = .head
                return .end
            }
        }
    }

    private mutating func readBody(_ remaining: Int) -> Part? {
        guard remaining > 0 else {
            self.phase = .head
            return .end
        }
        guard let piece = self.readPiece(remaining) else { return nil }
        self.phase = .body(remaining: remaining - piece.readableBytes)
        return .body(piece)
    }

    private mutating func readPiece(_ limit: Int) -> ByteBuffer? {
        let count = min(limit, self.buffer.readableBytes)
        return count > 0 ? self.buffer.readSlice(length: count) : nil
    }

    private mutating func readHead() throws(HTTPRequestError) -> Part? {
        let terminator: [UInt8] = [13, 10, 13, 10]
        guard let end = self.find(terminator) else {
            guard self.buffer.readableBytes <= Self.headLimit else {
                throw HTTPRequestError(status: 431, reason: "the head is larger than 16 KiB")
            }
            return nil
        }
        guard end <= Self.headLimit, let bytes = self.buffer.readBytes(length: end) else {
            throw HTTPRequestError(status: 431, reason: "the head is larger than 16 KiB")
        }
        self.buffer.moveReaderIndex(forwardBy: terminator.count)
        let head = try HTTPHeadParser.parse(bytes)
        switch head.bodyLength {
        case .none: self.phase = .body(remaining: 0)
        case .known(let length): self.phase = .body(remaining: length)
        case .chunked: self.phase = .chunkSize
        }
        return .head(head)
    }

    private mutating func readLine(limit: Int) throws(HTTPRequestError) -> [UInt8]? {
        guard let end = self.find([13, 10]) else {
            guard self.buffer.readableBytes <= limit else {
                throw HTTPRequestError(status: 400, reason: "a line of the body's framing is too long")
            }
            return nil
        }
        let line = self.buffer.readBytes(length: end) ?? []
        self.buffer.moveReaderIndex(forwardBy: 2)
        return line
    }

    /// Offset of the first `pattern` from the reader index; remembers how far it has looked.
    private mutating func find(_ pattern: [UInt8]) -> Int? {
        let start = max(0, self.searched - pattern.count)
        let found = self.buffer.withUnsafeReadableBytes { bytes -> Int? in
            guard bytes.count >= pattern.count else { return nil }
            var index = start
            while index <= bytes.count - pattern.count {
                if bytes[index] == pattern[0], bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
                    return index
                }
                index += 1
            }
            return nil
        }
        self.searched = found == nil ? self.buffer.readableBytes : 0
        return found
    }

    private static func chunkSize(_ line: [UInt8]) throws(HTTPRequestError) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        guard
            (1...8).contains(digits.count),
            let text = String(validating: digits, as: UTF8.self),
            text.allSatisfy(\.isHexDigit),
            let size = Int(text, radix: 16)
        else { throw HTTPRequestError(status: 400, reason: "a chunk has no size") }
        return size
    }
}
