import StenoWire

/// Everything a frame reader finds in a stream that comes in pieces of one size.
struct FrameReading: Hashable {
    enum Event: Hashable {
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16?)

        static func text(_ text: String) -> Event { .text(Array(text.utf8)) }
        static func ping(_ text: String) -> Event { .ping(Array(text.utf8)) }
    }

    var events: [Event] = []
    var fault: WebSocketFault?

    var closeCode: UInt16? { self.fault?.closeCode }

    init(
        _ bytes: [UInt8],
        pieces: Int = .max,
        role: WebSocketRole = .client,
        maximumMessageBytes: Int = WebSocketFrameReader.maximumMessageBytes
    ) {
        var reader = WebSocketFrameReader(role: role, maximumMessageBytes: maximumMessageBytes)
        var start = 0
        while start < bytes.count, self.fault == nil {
            let end = start + min(pieces, bytes.count - start)
            self.read(Array(bytes[start..<end]), &reader)
            start = end
        }
    }

    private mutating func read(_ piece: [UInt8], _ reader: inout WebSocketFrameReader) {
        piece.withUnsafeBytes { buffer in
            var offset = 0
            do throws(WebSocketFault) {
                while let event = try reader.next(in: buffer, from: &offset) {
                    switch event {
                    case .text(let payload): self.events.append(.text(payload.bytes(of: buffer)))
                    case .binary(let payload): self.events.append(.binary(payload.bytes(of: buffer)))
                    case .ping(let payload): self.events.append(.ping(payload.bytes(of: buffer)))
                    case .pong(let payload): self.events.append(.pong(payload.bytes(of: buffer)))
                    case .close(let code): self.events.append(.close(code))
                    }
                }
            } catch {
                self.fault = error
            }
        }
    }
}

/// One frame as a server sends it, or a client where there is a mask.
func frame(
    _ opcode: WebSocketOpcode,
    _ payload: [UInt8] = [],
    mask: WebSocketMask? = nil,
    isFinal: Bool = true
) -> [UInt8] {
    WebSocketFrameWriter.frame(opcode, payload: payload, mask: mask, isFinal: isFinal)
}

func frame(_ opcode: WebSocketOpcode, _ text: String, mask: WebSocketMask? = nil, isFinal: Bool = true) -> [UInt8] {
    frame(opcode, Array(text.utf8), mask: mask, isFinal: isFinal)
}
