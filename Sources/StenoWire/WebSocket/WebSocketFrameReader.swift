/// Turns the bytes of a connection into messages and control frames, and refuses what RFC 6455 forbids at the first byte
/// that is wrong.
///
/// ```
///  0               1               2 ...                        (RFC 6455 §5.2)
///  F R R R opcode  M length(7)     [length 16 or 64] [mask 32]  payload
///  I S S S (4)     A
///  N V V V         S   a header is read byte by byte, a payload in pieces as large as they come
/// ```
///
/// Fed in pieces of any size it finds the same events. No extension is ever agreed on, so every reserved bit is a fault.
/// Text is checked as it arrives, in the middle of a frame too. Memory grows with what has arrived, never with what a
/// header announces.
package struct WebSocketFrameReader: Sendable {
    /// Bound of one message. 8 MiB is the contract's (§13).
    package static let maximumMessageBytes = 8 << 20
    /// Bound of the frames that one message may consist of, so that empty ones cannot go on for ever.
    package static let maximumFragments = 1 << 20

    private enum Stage {
        case opcode
        case length
        case extendedLength(missing: Int, isLong: Bool)
        case maskKey(missing: Int)
        case payload
        /// After a close frame or a fault: the rest is not looked at.
        case ended
    }

    private let isMaskExpected: Bool
    private let maximumMessageBytes: Int
    private var stage = Stage.opcode
    private var opcode = WebSocketOpcode.continuation
    private var isFinal = false
    /// Of the current frame, as far as its header has been read.
    private var length: UInt64 = 0
    private var maskKey: UInt32 = 0
    /// For the next byte of the payload.
    private var mask = WebSocketMask(key: 0)
    /// Payload bytes of the current frame that have not arrived.
    private var missing = 0

    /// Text or binary while a message is open.
    private var messageOpcode: WebSocketOpcode?
    private var message: [UInt8] = []
    private var fragments = 0
    private var validator = UTF8Validator()
    private var control: [UInt8] = []

    /// - Parameter role: the end that reads. A client takes unmasked frames only, a server masked ones only.
    package init(role: WebSocketRole, maximumMessageBytes: Int = Self.maximumMessageBytes) {
        self.isMaskExpected = role == .server
        self.maximumMessageBytes = maximumMessageBytes
    }

    /// Reads on from `offset`, up to the end of the next message or control frame. Returns `nil` when the bytes are used up.
    ///
    /// One event at a time, so that nothing is held while the caller acts on it. After a close frame or an error nothing
    /// more is found.
    package mutating func next(
        in bytes: UnsafeRawBufferPointer,
        from offset: inout Int
    ) throws(WebSocketFault) -> WebSocketEvent? {
        do throws(WebSocketFault) {
            while offset < bytes.count {
                switch self.stage {
                case .payload:
                    if let event = try self.takePayload(bytes, &offset) { return event }
                case .ended:
                    offset = bytes.count
                case .opcode, .length, .extendedLength, .maskKey:
                    try self.takeHeaderByte(bytes[offset])
                    offset += 1
                    // An empty payload ends with its header; nothing more need arrive.
                    if case .payload = self.stage, self.missing == 0, let event = try self.takePayload(bytes, &offset) {
                        return event
                    }
                }
            }
            return nil
        } catch {
            self.stage = .ended
            self.message = []
            throw error
        }
    }
}

// MARK: - Header

extension WebSocketFrameReader {
    private mutating func takeHeaderByte(_ byte: UInt8) throws(WebSocketFault) {
        switch self.stage {
        case .opcode: try self.takeOpcode(byte)
        case .length: try self.takeLength(byte)
        case .extendedLength(let missing, let isLong):
            self.length = self.length << 8 | UInt64(byte)
            self.stage = .extendedLength(missing: missing - 1, isLong: isLong)
            if missing == 1 { try self.endExtendedLength(isLong: isLong) }
        case .maskKey(let missing):
            self.maskKey = self.maskKey >> 8 | UInt32(byte) << 24
            self.mask = WebSocketMask(key: self.maskKey)
            self.stage = missing == 1 ? .payload : .maskKey(missing: missing - 1)
        case .payload, .ended: break
        }
    }

    private mutating func takeOpcode(_ byte: UInt8) throws(WebSocketFault) {
        guard byte & 0x70 == 0 else { throw .violation("a reserved bit is set") }
        guard let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else { throw .violation("a reserved opcode") }
        self.opcode = opcode
        self.isFinal = byte & 0x80 != 0
        if opcode.isControl {
            guard self.isFinal else { throw .violation("a control frame is fragmented") }
        } else if opcode == .continuation {
            guard self.messageOpcode != nil else { throw .violation("a continuation of nothing") }
            self.fragments += 1
            guard self.fragments <= Self.maximumFragments else {
                throw .tooLarge("a message of more than \(Self.maximumFragments) fragments")
            }
        } else {
            guard self.messageOpcode == nil else { throw .violation("a message begins inside another") }
            self.messageOpcode = opcode
            self.fragments = 1
            self.validator = UTF8Validator()
        }
        self.stage = .length
    }

    private mutating func takeLength(_ byte: UInt8) throws(WebSocketFault) {
        guard (byte & 0x80 != 0) == self.isMaskExpected else {
            throw .violation(self.isMaskExpected ? "a frame is not masked" : "a frame is masked")
        }
        let length = byte & 0x7F
        guard !self.opcode.isControl || length <= 125 else {
            throw .violation("a control frame of more than 125 bytes")
        }
        self.length = 0
        switch length {
        case 126: self.stage = .extendedLength(missing: 2, isLong: false)
        case 127: self.stage = .extendedLength(missing: 8, isLong: true)
        default:
            self.length = UInt64(length)
            try self.endLength()
        }
    }

    /// The length must be written in the fewest bytes, and its highest bit must be zero.
    private mutating func endExtendedLength(isLong: Bool) throws(WebSocketFault) {
        guard self.length > 125, !isLong || self.length > 0xFFFF else {
            throw .violation("a length is written longer than needed")
        }
        guard self.length >> 63 == 0 else { throw .violation("a length has its highest bit set") }
        try self.endLength()
    }

    private mutating func endLength() throws(WebSocketFault) {
        let room = self.maximumMessageBytes - self.message.count
        guard self.opcode.isControl || self.length <= UInt64(max(room, 0)) else {
            throw .tooLarge("a message of more than \(self.maximumMessageBytes) bytes")
        }
        self.missing = Int(self.length)
        self.stage = self.isMaskExpected ? .maskKey(missing: 4) : .payload
    }
}

// MARK: - Payload

extension WebSocketFrameReader {
    private mutating func takePayload(
        _ bytes: UnsafeRawBufferPointer,
        _ offset: inout Int
    ) throws(WebSocketFault) -> WebSocketEvent? {
        let range = offset..<(offset + min(self.missing, bytes.count - offset))
        offset = range.upperBound
        self.missing -= range.count
        let piece = UnsafeRawBufferPointer(rebasing: bytes[range])
        return self.opcode.isControl ? try self.takeControl(piece, range) : try self.takeData(piece, range)
    }

    private mutating func takeData(
        _ piece: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) throws(WebSocketFault) -> WebSocketEvent? {
        // The usual case: the whole message is here, and nothing needs to be copied.
        if self.isFinal, self.missing == 0, self.message.isEmpty, !self.isMaskExpected {
            try self.checkText(piece)
            return try self.endMessage(.borrowed(range))
        }
        let start = self.message.count
        self.message.append(contentsOf: piece)
        self.nextMask(for: piece)?.apply(to: &self.message, from: start)
        if self.messageOpcode == .text {
            let fault = self.message.withUnsafeBytes { buffer in
                self.validator.firstFault(in: UnsafeRawBufferPointer(rebasing: buffer[start...]))
            }
            guard fault == nil else { throw .notUTF8 }
        }
        guard self.missing == 0 else { return nil }
        self.stage = .opcode
        guard self.isFinal else { return nil }
        let message = self.message
        self.message = []
        return try self.endMessage(.owned(message))
    }

    private mutating func checkText(_ piece: UnsafeRawBufferPointer) throws(WebSocketFault) {
        guard self.messageOpcode == .text else { return }
        guard self.validator.firstFault(in: piece) == nil else { throw .notUTF8 }
    }

    private mutating func endMessage(_ payload: WebSocketPayload) throws(WebSocketFault) -> WebSocketEvent {
        self.stage = .opcode
        let isText = self.messageOpcode == .text
        self.messageOpcode = nil
        guard !isText || self.validator.isComplete else { throw .notUTF8 }
        return isText ? .text(payload) : .binary(payload)
    }

    private mutating func takeControl(
        _ piece: UnsafeRawBufferPointer,
        _ range: Range<Int>
    ) throws(WebSocketFault) -> WebSocketEvent? {
        let start = self.control.count
        self.control.append(contentsOf: piece)
        self.nextMask(for: piece)?.apply(to: &self.control, from: start)
        guard self.missing == 0 else { return nil }
        self.stage = .opcode
        let payload = self.control
        self.control = []
        switch self.opcode {
        case .ping: return .ping(.owned(payload))
        case .pong: return .pong(.owned(payload))
        case .close, .continuation, .text, .binary:
            self.stage = .ended
            return .close(code: try WebSocketCloseCode.parse(payload))
        }
    }

    /// The mask that lies over these bytes; `nil` where there is none.
    private mutating func nextMask(for piece: UnsafeRawBufferPointer) -> WebSocketMask? {
        guard self.isMaskExpected else { return nil }
        defer { self.mask = self.mask.advanced(by: piece.count) }
        return self.mask
    }
}
