// The frame reader over hostile bytes, in either role. Promises: no trap; cut in pieces the bytes give the same events
// and the same fault as whole; text is UTF-8; no message is larger than the bound; what is written is read again.
//
// Input: one byte of role and bound, one that decides the cuts, the rest is the stream.

private enum Event: Equatable {
    case text([UInt8])
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(UInt16?)
}

private func read(
    _ stream: UnsafeRawBufferPointer,
    role: WebSocketRole,
    bound: Int,
    nextCut: () -> Int
) -> ([Event], WebSocketFault?) {
    var reader = WebSocketFrameReader(role: role, maximumMessageBytes: bound)
    var events: [Event] = []
    var start = 0
    while start < stream.count {
        let end = min(stream.count, start + nextCut())
        let piece = UnsafeRawBufferPointer(rebasing: stream[start..<end])
        start = end
        var offset = 0
        do throws(WebSocketFault) {
            while let event = try reader.next(in: piece, from: &offset) {
                switch event {
                case .text(let payload): events.append(.text(payload.bytes(of: piece)))
                case .binary(let payload): events.append(.binary(payload.bytes(of: piece)))
                case .ping(let payload): events.append(.ping(payload.bytes(of: piece)))
                case .pong(let payload): events.append(.pong(payload.bytes(of: piece)))
                case .close(let code): events.append(.close(code))
                }
            }
            promise(offset == piece.count, "the reader stopped early")
        } catch {
            return (events, error)
        }
    }
    return (events, nil)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count >= 2 else { return 0 }
    let role = start[0] & 1 == 0 ? WebSocketRole.client : .server
    let bound = start[0] & 2 == 0 ? 1 << 20 : 300
    let stream = UnsafeRawBufferPointer(start: start + 2, count: count - 2)

    let (events, fault) = read(stream, role: role, bound: bound) { Int.max >> 1 }
    var state = UInt32(start[1])
    let cut = read(stream, role: role, bound: bound) {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int(state >> 24) % 9 + 1
    }
    promise(cut.0 == events && cut.1 == fault, "cut in pieces the stream reads differently")

    for event in events {
        switch event {
        case .text(let bytes):
            promise(String(validating: bytes, as: UTF8.self) != nil, "text is not UTF-8")
            promise(bytes.count <= bound, "a message above the bound")
            writeAndRead(.text, bytes, event, bound)
        case .binary(let bytes):
            promise(bytes.count <= bound, "a message above the bound")
            writeAndRead(.binary, bytes, event, bound)
        case .ping(let bytes), .pong(let bytes):
            promise(bytes.count <= 125, "a control frame above 125 bytes")
        case .close:
            promise(event == events.last, "events after a close frame")
        }
    }
    return 0
}

private func writeAndRead(_ opcode: WebSocketOpcode, _ payload: [UInt8], _ event: Event, _ bound: Int) {
    let mask = WebSocketMask(key: UInt32(truncatingIfNeeded: payload.count) &* 2_654_435_761)
    for (role, mask) in [(WebSocketRole.client, nil), (.server, mask)] as [(WebSocketRole, WebSocketMask?)] {
        WebSocketFrameWriter.frame(opcode, payload: payload, mask: mask).withUnsafeBytes { frame in
            let (events, fault) = read(frame, role: role, bound: bound) { 7 }
            promise(events == [event] && fault == nil, "what was written is not what is read")
        }
    }
}
